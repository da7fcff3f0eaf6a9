/** Who logs in to a jump box that a lab made: this user has no rights there and no password. */
export const jumpUser = 'jump';
