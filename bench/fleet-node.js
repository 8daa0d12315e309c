/**
 * What one node of a made-up cluster lacks or has otherwise: services it does not have, services of which one endpoint is another one, all
 * connections masqueraded, a listing that ends in the middle of a rule.
 * @typedef {{ readonly lacks?: readonly number[], readonly stale?: readonly number[], readonly masqueradeAll?: boolean, readonly cut?: boolean }} Oddity
 */

/**
 * `iptables-save` of a node of a cluster with so many services of two endpoints each, as kube-proxy in iptables mode writes it; the rows
 * are made up.
 * @param {number} services
 * @param {Oddity} oddity
 */
export function fleetNode(services, { lacks = [], stale = [], masqueradeAll = false, cut = false } = {}) {
  /** @type {string[]} */
  const chains = [];
  /** @type {string[]} */
  const rules = [];
  for (let index = 0; index < services; index++) {
    if (lacks.includes(index)) continue;
    const hash = [...index.toString(16)]
      .map((digit) => 'ABCDEFGHIJKLMNOP'[Number.parseInt(digit, 16)])
      .join('')
      .padStart(16, 'Z');
    const name = `prod/svc-${index}:http`;
    const address = `10.96.${index >> 8}.${index & 255}`;
    chains.push(`:KUBE-SVC-${hash} - [0:0]`, `:KUBE-SEP-${hash} - [0:0]`, `:KUBE-SEP-Y${hash.slice(1)} - [0:0]`);
    rules.push(`-A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${hash}`);
    const mark = `-A KUBE-SVC-${hash} ${masqueradeAll ? '' : '! -s 10.244.0.0/16 '}-d ${address}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`;
    rules.push(mark);
    const ends = [`10.244.1.${index & 255}:8080`, `10.244.${stale.includes(index) ? 9 : 2}.${index & 255}:8080`];
    rules.push(
      `-A KUBE-SVC-${hash} -m comment --comment "${name} -> ${ends[0]}" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-${hash}`,
    );
    rules.push(`-A KUBE-SVC-${hash} -m comment --comment "${name} -> ${ends[1]}" -j KUBE-SEP-Y${hash.slice(1)}`);
    for (const [end, sep] of [
      [ends[0], hash],
      [ends[1], `Y${hash.slice(1)}`],
    ]) {
      rules.push(`-A KUBE-SEP-${sep} -p tcp -m comment --comment "${name}" -m tcp -j DNAT --to-destination ${end}`);
    }
  }
  const text = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
${chains.join('\n')}
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
${rules.join('\n')}
COMMIT
`;
  return cut ? text.slice(0, text.length >> 1) : text;
}
