import { interruptible } from './interrupt.ts';

/*
 * A process that can be interrupted, for the test of that. It says when it is ready and each time that it is aborted, and
 * goes on until its standard input ends. Its argument is the command by which to clean up later.
 */
const [command] = process.argv.slice(2);
const stoppable = interruptible(() => command);
stoppable.signal.addEventListener('abort', () => console.log(String(stoppable.signal.reason)));
process.stdin.on('end', () => stoppable.dispose()).resume();
console.log('ready');
