// The reference of the bench: a plain char-code parser of `iptables -nL`, as one would write it for one job. It reads the
// columns, comments, tcp/udp ports, statistic, mark and DNAT of kube-proxy's rules into the same kind of tree, and
// nothing else: no diagnostics, no other version, no other extension.

/** @param {string} text */
export function parseByHand(text) {
  const chains = [];
  let chain;
  let position = 0;
  while (position < text.length) {
    let end = text.indexOf('\n', position);
    if (end < 0) end = text.length;
    if (end > position) {
      if (text.startsWith('Chain ', position)) {
        const blank = text.indexOf(' ', position + 6);
        chain = {
          kind: 'Chain',
          name: text.slice(position + 6, blank),
          references: Number.parseInt(text.slice(blank + 2, end), 10),
          rules: [],
          span: { start: position, end },
        };
        chains.push(chain);
      } else if (!text.startsWith('target ', position) && chain !== undefined) {
        chain.rules.push(parseRule(text, position, end));
      }
    }
    position = end + 1;
  }
  return { kind: 'IptablesListing', tables: [{ kind: 'Table', chains }] };
}

function parseRule(text, start, end) {
  let at = start;
  let from = at;
  const word = () => {
    while (at < end && text.charCodeAt(at) === 32) at += 1;
    from = at;
    while (at < end && text.charCodeAt(at) !== 32) at += 1;
    return text.slice(from, at);
  };
  const target = text.charCodeAt(start) === 32 ? '' : word();
  const protocol = word();
  word();
  const source = parseAddress(word());
  const destination = parseAddress(word());
  const matches = [];
  let to;
  for (;;) {
    const next = word();
    if (next === '') break;
    if (next === '/*') {
      const close = text.indexOf('*/', at);
      matches.push({ kind: 'CommentMatch', text: text.slice(at + 1, close - 1) });
      at = close + 2;
    } else if (next === 'tcp' || next === 'udp') {
      const match = { kind: next === 'tcp' ? 'TcpMatch' : 'UdpMatch' };
      while (text.startsWith(' dpt:', at) || text.startsWith(' spt:', at)) {
        const ports = word();
        match[ports.charCodeAt(0) === 100 ? 'destinationPorts' : 'sourcePorts'] = {
          not: false,
          low: Number(ports.slice(4)),
          high: Number(ports.slice(4)),
        };
      }
      matches.push(match);
    } else if (next === 'statistic') {
      at += ' mode random probability'.length;
      matches.push({ kind: 'StatisticMatch', mode: 'random', not: false, probability: Number(word()) });
    } else if (next === 'mark') {
      at += ' match'.length;
      matches.push({ kind: 'MarkMatch', not: false, value: Number(word()) });
    } else if (next.startsWith('to:')) {
      const colon = next.lastIndexOf(':');
      to = { address: next.slice(3, colon), port: Number(next.slice(colon + 1)) };
    } else {
      matches.push({ kind: 'UnknownMatch', text: next });
    }
  }
  return {
    kind: 'Rule',
    protocol: { not: false, name: protocol },
    source,
    destination,
    matches,
    target: to === undefined ? { kind: 'ChainTarget', name: target } : { kind: 'DnatTarget', name: target, to: [to] },
    span: { start, end },
  };
}

function parseAddress(text) {
  const not = text.charCodeAt(0) === 33;
  const slash = text.indexOf('/');
  return {
    not,
    address: text.slice(not ? 1 : 0, slash < 0 ? text.length : slash),
    prefixLength: slash < 0 ? 32 : Number(text.slice(slash + 1)),
  };
}
