/** Milliseconds since 1970. The only place that reads the clock of this machine. */
export const now = (): number => Date.now();

/** When this process began, in milliseconds since 1970. */
export const processStart = (): number => performance.timeOrigin;
