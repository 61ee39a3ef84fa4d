/** Where the image has the probe. */
export const probeProgram = '/cofferdam-probe';
