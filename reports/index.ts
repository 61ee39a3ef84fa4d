export { formats } from './formats.ts';
export type { Format } from './formats.ts';
export type { Details } from './junit-document.ts';
export { writeReports } from './write.ts';
