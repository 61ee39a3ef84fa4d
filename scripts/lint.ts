/**
 * npm run lint [-- --fix] [-- FILE…]: ESLint with types, and the import direction (see eslint.config.js).
 */
import { $ } from 'zx';

const root = `${import.meta.dirname}/..`;

const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-')) ? given : [...given, '.'];
// A warning that fails nothing is read by nobody.
const { exitCode } = await $({ cwd: root, stdio: 'inherit', nothrow: true })`eslint --max-warnings 0 ${files}`;
process.exitCode = exitCode ?? 1;
