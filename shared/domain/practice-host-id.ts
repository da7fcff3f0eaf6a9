/** There is one practice host, and it is always there. */
export const practiceHostId = 'practice';
