/** Text of a check is prose, not markup: `<` would begin HTML, and `{name}` and `*` are meant as they are. */
export const text = (value: string): string => value.replaceAll(/[\\`*_<>[\]]/g, (sign) => `\\${sign}`);
/** The same in a table. */
export const cell = (value: string): string => text(value).replaceAll('|', '\\|').replaceAll('\n', ' ');
