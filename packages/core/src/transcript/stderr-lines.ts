/** What the nft variant of iptables writes to standard error before its output. */
export const LEGACY_WARNING = /^(?:# )?Warning: ip6?tables-legacy tables present/;
/** While another program changes the tables iptables waits, and says so every second or so. */
export const WAITS_FOR_LOCK = /^Another app is currently holding the xtables lock[;,]/;

/** What programs write to standard error beside the outputs of others: no part of one, and no sign that one is damaged. */
const STDERR_LINES: readonly RegExp[] = [
  LEGACY_WARNING,
  // iptables
  /^Warning: Extension \S+ (?:revision \d+ )?(?:is )?not supported, missing kernel module\?/,
  WAITS_FOR_LOCK,
  // sudo, ssh
  /^sudo: unable to resolve host /,
  /^\[sudo\] password for /,
  /^Warning: Permanently added '/,
  /^Pseudo-terminal will not be allocated because stdin is not a terminal/,
  /^Connection to \S+ closed\.\s*$/,
  // kubectl
  /^Defaulted container "/,
  /^Unable to use a TTY - input is not a terminal/,
  /^If you don't see a command prompt, try pressing enter\.\s*$/,
  /^Starting pod\/\S+/,
  /^Removing debug pod /,
  // shells
  /^(?:-?bash|sh|perl): warning: /,
];

/** Whether a line is one that a program wrote to standard error beside an output. */
export function isStderrLine(line: string): boolean {
  return STDERR_LINES.some((known) => known.test(line));
}
