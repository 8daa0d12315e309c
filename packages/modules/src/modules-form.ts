/** Which output a text is. */
export type ModulesForm = 'builtin' | 'lsmod' | 'proc-modules' | 'names';
