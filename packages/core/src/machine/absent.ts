/** A part of a template that is not in this line, as an index. */
export const ABSENT = -1;
