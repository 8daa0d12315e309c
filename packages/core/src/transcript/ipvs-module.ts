/** Whether a word is the name of a module that no text holds by chance. */
export function ipvsModule(word: string): boolean {
  return /^(?:ip_vs|nf_conntrack|nf_nat|xt|ip_set|iptable|ip_tables)(?:_\w+)?\s*$/.test(word);
}
