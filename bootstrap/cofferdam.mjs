#!/usr/bin/env node
// The command `cofferdam`: installs what is missing, then runs cli/main.ts on the pinned Node.

import { launch } from './launch.mjs';

await launch('cli/main.ts', process.argv.slice(2));
