/** `KUBE-CLUSTER-IP` of `ipset list KUBE-CLUSTER-IP`: the one set that a command asked for. */
export function askedSet(args: readonly string[] = []): string | undefined {
  const words = args.filter((_, index) => !/^(?:-o|-output|-f|-file)$/.test(args[index - 1] ?? ''));
  const verb = words.findIndex((word) => /^(?:list|save|-L|-S|--list|--save)$/.test(word));
  return verb < 0 ? undefined : words.slice(verb + 1).find((word) => /^[A-Za-z]/.test(word));
}

/** `FORWARD` of `iptables -n -L FORWARD` and `iptables -S FORWARD 3`: the one chain that a command asked for. */
export function askedChain(args: readonly string[] = []): string | undefined {
  const verb = args.findIndex((word) => /^(?:-[a-zA-Z]*[LS]|--list|--list-rules)$/.test(word));
  const chain = verb < 0 ? undefined : args[verb + 1];
  return chain === undefined || chain.startsWith('-') ? undefined : chain;
}

/** `services` of `nft list chain ip kube-proxy services`: the one chain that a command asked for. */
export function askedNftChain(args: readonly string[] = []): string | undefined {
  const at = args.findIndex((word, index) => word === 'chain' && args[index - 1] === 'list');
  return at < 0 ? undefined : args.slice(at + 1).at(-1);
}

/** Whether a command asked for one virtual service: `ipvsadm -ln -t 10.96.0.1:443`. */
export function asksOneService(args: readonly string[] = []): boolean {
  return (
    args.some((word) => /^(?:-[a-zA-Z]*[tuf]|--(?:tcp|udp|sctp|fwmark)-service)$/.test(word)) &&
    args.some((word) => /^(?:-[a-zA-Z]*[lL]|--list)/.test(word))
  );
}
