// Texts as the tools print them, of any size and the same on every run: kube-proxy's rules and its IPVS table.
import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LISTING_HEADER = 'target     prot opt source               destination         \n';

/** @param {string} text */
function hash16(text) {
  const digest = createHash('sha256').update(text).digest();
  let name = '';
  for (let index = 0; index < 16; index += 1) name += BASE32[digest[index] % 32];
  return name;
}

/** @param {number} index @param {number} first */
const address = (index, first) => `${first}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/**
 * `iptables -t nat -nL` of kube-proxy in iptables mode, about `rules` rules: per service one rule in KUBE-SERVICES, one
 * masquerade rule, and three endpoints with two rules each.
 * @param {number} rules
 */
export function iptablesListing(rules) {
  return [...listingPieces(rules)].join('');
}

/** The same with counters and interfaces, `-nvL`. @param {number} rules */
export function iptablesVerboseListing(rules) {
  let count = 0;
  return iptablesListing(rules)
    .replaceAll(LISTING_HEADER, ` pkts bytes target     prot opt in     out     source               destination         \n`)
    .replaceAll(/^(\S*) +(\w+) +-- (.)(\S+) +(\S+) +(.*)$/gm, (_, target, protocol, sign, source, destination, text) => {
      const packets = (count++ * 37) % 5000;
      const counters = `${String(packets).padStart(5)} ${packets < 1600 ? String(packets * 60).padStart(5) : ` ${Math.round((packets * 60) / 1000)}K`}`;
      return `${counters} ${target.padEnd(9)}  ${protocol.padEnd(4)} --  *      *      ${sign}${source.padEnd(19)}  ${destination.padEnd(19)}  ${text}`;
    });
}

/** {@link iptablesListing} piece by piece, for texts that are too long to hold. @param {number} rules */
export function* listingPieces(rules) {
  const services = Math.ceil(rules / 11);
  yield `${listedHooks(services * 4)}Chain KUBE-SERVICES (2 references)\n${LISTING_HEADER}`;
  for (let index = 0; index < services; index += 1) {
    yield rule(
      `KUBE-SVC-${hash16(`svc${index}`)}`,
      'tcp',
      '0.0.0.0/0',
      address(index, 10),
      `/* ns-${index % 97}/svc-${index}:http cluster IP */ tcp dpt:80`,
    );
  }
  for (let index = 0; index < services; index += 1) {
    const name = `ns-${index % 97}/svc-${index}:http`;
    const service = hash16(`svc${index}`);
    const lines = [`\nChain KUBE-SVC-${service} (1 references)\n${LISTING_HEADER}`];
    lines.push(rule('KUBE-MARK-MASQ', 'tcp', '!10.244.0.0/16', address(index, 10), `/* ${name} cluster IP */ tcp dpt:80`));
    for (let endpoint = 0; endpoint < 3; endpoint += 1) {
      const chance = endpoint === 2 ? '' : ` statistic mode random probability ${endpoint === 0 ? '0.33333333349' : '0.50000000000'}`;
      lines.push(
        rule(
          `KUBE-SEP-${hash16(`sep${index}.${endpoint}`)}`,
          'all',
          '0.0.0.0/0',
          '0.0.0.0/0',
          `/* ${name} -> ${address(index * 3 + endpoint, 11)}:8080 */${chance}`,
        ),
      );
    }
    for (let endpoint = 0; endpoint < 3; endpoint += 1) {
      const pod = address(index * 3 + endpoint, 11);
      lines.push(`\nChain KUBE-SEP-${hash16(`sep${index}.${endpoint}`)} (1 references)\n${LISTING_HEADER}`);
      lines.push(rule('KUBE-MARK-MASQ', 'all', pod, '0.0.0.0/0', `/* ${name} */`));
      lines.push(rule('DNAT', 'tcp', '0.0.0.0/0', '0.0.0.0/0', `/* ${name} */ tcp to:${pod}:8080`));
    }
    yield lines.join('');
  }
}

/** The chains by which packets come to kube-proxy's, as a listing has them. @param {number} marking rules that jump to KUBE-MARK-MASQ */
function listedHooks(marking) {
  const portals = rule('KUBE-SERVICES', 'all', '0.0.0.0/0', '0.0.0.0/0', '/* kubernetes service portals */');
  return [
    ['PREROUTING (policy ACCEPT)', portals],
    ['INPUT (policy ACCEPT)', ''],
    ['OUTPUT (policy ACCEPT)', portals],
    ['POSTROUTING (policy ACCEPT)', rule('KUBE-POSTROUTING', 'all', '0.0.0.0/0', '0.0.0.0/0', '/* kubernetes postrouting rules */')],
    [`KUBE-MARK-MASQ (${marking} references)`, rule('MARK', 'all', '0.0.0.0/0', '0.0.0.0/0', 'MARK or 0x4000')],
    [
      'KUBE-POSTROUTING (1 references)',
      `${rule('RETURN', 'all', '0.0.0.0/0', '0.0.0.0/0', 'mark match ! 0x4000/0x4000')}${rule('MASQUERADE', 'all', '0.0.0.0/0', '0.0.0.0/0', 'random-fully')}`,
    ],
  ]
    .map(([title, rules]) => `Chain ${title}\n${LISTING_HEADER}${rules}\n`)
    .join('');
}

/** @param {string} target @param {string} protocol @param {string} source @param {string} destination @param {string} text */
function rule(target, protocol, source, destination, text) {
  const sign = source.startsWith('!') ? '!' : ' ';
  return `${target.padEnd(9)}  ${protocol.padEnd(4)} -- ${sign}${source.replace('!', '').padEnd(19)}  ${destination.padEnd(19)}  ${text}\n`;
}

/**
 * `ipvsadm -ln`.
 * @param {number} services
 * @param {number} destinations of each service
 */
export function ipvsadmListing(services, destinations) {
  const lines = [
    'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
  ];
  for (let index = 0; index < services; index += 1) {
    lines.push(`TCP  ${address(index, 10)}:80 rr\n`);
    for (let server = 0; server < destinations; server += 1) {
      const remote = `${address(index * destinations + server, 11)}:8080`;
      lines.push(`  -> ${remote.padEnd(28)} Masq    1      ${String(index % 50).padEnd(10)} 0         \n`);
    }
  }
  return lines.join('');
}

/**
 * `iptables-save` of the rules of {@link iptablesListing}.
 * @param {number} rules
 */
export function iptablesSave(rules) {
  const services = Math.ceil(rules / 11);
  const declared = [
    '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-POSTROUTING - [0:0]\n',
  ];
  const lines = [
    '-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n-A POSTROUTING -j KUBE-POSTROUTING\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n-A KUBE-POSTROUTING -j MASQUERADE --random-fully\n',
  ];
  for (let index = 0; index < services; index += 1) {
    const name = `ns-${index % 97}/svc-${index}:http`;
    const service = `KUBE-SVC-${hash16(`svc${index}`)}`;
    const matched = `-d ${address(index, 10)}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80`;
    declared.push(`:${service} - [0:0]\n`);
    lines.push(`-A KUBE-SERVICES ${matched} -j ${service}\n-A ${service} ! -s 10.244.0.0/16 ${matched} -j KUBE-MARK-MASQ\n`);
    for (let endpoint = 0; endpoint < 3; endpoint += 1) {
      const pod = address(index * 3 + endpoint, 11);
      const chain = `KUBE-SEP-${hash16(`sep${index}.${endpoint}`)}`;
      const chance =
        endpoint === 2 ? '' : ` -m statistic --mode random --probability ${endpoint === 0 ? '0.33333333349' : '0.50000000000'}`;
      declared.push(`:${chain} - [0:0]\n`);
      lines.push(`-A ${service} -m comment --comment "${name} -> ${pod}:8080"${chance} -j ${chain}\n`);
      lines.push(`-A ${chain} -s ${pod}/32 -m comment --comment "${name}" -j KUBE-MARK-MASQ\n`);
      lines.push(`-A ${chain} -p tcp -m comment --comment "${name}" -m tcp -j DNAT --to-destination ${pod}:8080\n`);
    }
  }
  return `${declared.join('')}${lines.join('')}COMMIT\n`;
}

/**
 * `ipset save` of one set of addresses with ports.
 * @param {number} members
 */
export function ipsetSave(members) {
  const lines = ['create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 65536 maxelem 1048576\n'];
  for (let index = 0; index < members; index += 1) lines.push(`add KUBE-CLUSTER-IP ${address(index, 10)},tcp:${1 + (index % 65_535)}\n`);
  return lines.join('');
}

/**
 * `nft list ruleset` of kube-proxy in nftables mode: `service` chains with three endpoints each, as 1.30 to 1.35 (`chains`) or 1.36 and
 * later lay them out.
 * @param {number} services @param {'chains' | 'maps'} layout
 */
export function nftRuleset(services, layout = 'chains') {
  const elements = [];
  const chains = [];
  for (let index = 0; index < services; index += 1) {
    const name = `${hash16(`nft${index}`).slice(0, 8)}-ns-${index % 97}/svc-${index}/tcp/http`;
    elements.push(`${address(index, 10)} . tcp . 80 : goto service-${name}`);
    const pods = [0, 1, 2].map((endpoint) => address(index * 3 + endpoint, 11));
    const inner = pods.map((pod, endpoint) => ({
      pod,
      chain: `endpoint-${hash16(`nft${index}.${endpoint}`).slice(0, 8)}-ns-${index % 97}/svc-${index}/tcp/http__${pod}/8080`,
    }));
    if (layout === 'maps') {
      chains.push(
        `\tchain service-${name} {\n\t\tmeta l4proto tcp dnat ip to numgen random mod 3 map { ${pods.map((pod, endpoint) => `${endpoint} : ${pod} . 8080`).join(', ')} }\n\t}\n`,
      );
      continue;
    }
    for (const { pod, chain } of inner)
      chains.push(`\tchain ${chain} {\n\t\tip saddr ${pod} jump mark-for-masquerade\n\t\tmeta l4proto tcp dnat to ${pod}:8080\n\t}\n`);
    const gotos = inner.map(({ chain }, endpoint) => `${endpoint} : goto ${chain}`).join(', ');
    chains.push(
      `\tchain service-${name} {\n\t\tip daddr ${address(index, 10)} tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade\n\t\tnumgen random mod 3 vmap { ${gotos} }\n\t}\n`,
    );
  }
  const map = `\tmap service-ips {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements.join(',\n\t\t\t     ')} }\n\t}\n`;
  const base = (/** @type {string} */ name, /** @type {string} */ head, /** @type {string} */ target) =>
    `\tchain ${name} {\n\t\ttype ${head}; policy accept;\n\t\tjump ${target}\n\t}\n`;
  const fixed = [
    base('nat-prerouting', 'nat hook prerouting priority dstnat', 'services'),
    base('nat-output', 'nat hook output priority -100', 'services'),
    base('nat-postrouting', 'nat hook postrouting priority srcnat', 'masquerading'),
    '\tchain services {\n\t\tip daddr . meta l4proto . th dport vmap @service-ips\n\t}\n',
    '\tchain masquerading {\n\t\tmeta mark & 0x00004000 == 0x00000000 return\n\t\tmeta mark set meta mark ^ 0x00004000\n\t\tmasquerade fully-random\n\t}\n',
    '\tchain mark-for-masquerade {\n\t\tmeta mark set meta mark | 0x00004000\n\t}\n',
  ];
  return `table ip kube-proxy {\n\tcomment "rules for kube-proxy"\n${[map, ...fixed, ...chains].join('\n')}}\n`;
}
