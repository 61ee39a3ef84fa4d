/**
 * So much of a container's log is read, in bytes: many times what a probe prints. What fills it was cut, wherever that
 * fell.
 */
export const logLimit = 4 * 1024 * 1024;
