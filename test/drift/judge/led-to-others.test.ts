import { checkSnapshot, diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';
import { edited, type Edit, type ProxyMode } from '../three-modes.ts';

const SAVE = 'iptables-save.txt';
const NFT = 'nft-list-ruleset.txt';

/** A rule of one service that leads to a chain of another: what is told of it, of it undone, and by `check`. */
const CASES: readonly (readonly [what: string, mode: ProxyMode, edit: Edit])[] = [
  ['a cluster IP', 'iptables', [SAVE, /^(-A KUBE-SERVICES -d 10\.96\.78\.31\/32 .* -j )KUBE-SVC-.*$/m, '$1KUBE-SVC-DHW7HSU5JKNBSZQS']],
  ['a node port', 'iptables', [SAVE, /^(-A KUBE-NODEPORTS .*--dport 31104 -j )KUBE-EXT-.*$/m, '$1KUBE-EXT-4U2PUDR55AT5NT2Z']],
  ['an external chain', 'iptables', [SAVE, /^(-A KUBE-EXT-4U2PUDR55AT5NT2Z -j )KUBE-SVC-.*$/m, '$1KUBE-SVC-2CMXP7HKUVJN7L6M']],
  ['one of three endpoints', 'iptables', [SAVE, /^(.*-> 10\.244\.1\.22:80" -j )KUBE-SEP-.*$/m, '$1KUBE-SEP-5NN2PYBBUW7O4PAC']],
  [
    'a cluster IP',
    'nftables',
    [
      NFT,
      '10.96.78.31 . tcp . 80 : goto service-ECO34HEO-default/nginx/tcp/',
      '10.96.78.31 . tcp . 80 : goto service-NWBZK7IH-kube-system/kube-dns/tcp/dns-tcp',
    ],
  ],
  [
    'a node port',
    'nftables',
    [NFT, 'tcp . 31901 : goto external-AD4QCHRY-prod/down/tcp/http', 'tcp . 31901 : goto external-G7K6KCBY-prod/down-edge/tcp/http'],
  ],
  [
    'one of three endpoints',
    'nftables',
    [
      NFT,
      '2 : goto endpoint-LXP4MCMJ-default/nginx/tcp/__10.244.1.22/80',
      '2 : goto endpoint-BFW5VCWB-kube-system/kube-dns/tcp/dns-tcp__10.244.0.2/53',
    ],
  ],
];

it('a rule of one service that leads to a chain of another is critical, and a notice where it is repaired', () => {
  const told = CASES.map(([what, mode, edit]) => {
    const { forth, back, check } = edited(mode, [edit]);
    return { what: `${what} (${mode} mode)`, forth, back, check: check.filter((text) => !text.startsWith('none')) };
  });
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "back": [
          "notice nat.dnat.retargeted: default/nginx: connections go to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80 now, and went to 10.244.1.57:8080: a rule led them to chain KUBE-SVC-DHW7HSU5JKNBSZQS of prod/lb-hostname:http, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: default/nginx: rule 9 of KUBE-SERVICES leads to KUBE-SVC-DHW7HSU5JKNBSZQS, the chain of prod/lb-hostname:http: connections go to the endpoints of that",
          "warning lint.kube.node-port-not-masqueraded: connections from outside to default/nginx (tcp 10.96.78.31:80) are not masqueraded, as those to other cluster IPs are: clients get no reply from endpoints on other nodes",
        ],
        "forth": [
          "critical nat.dnat.retargeted: default/nginx: connections go to 10.244.1.57:8080 now, and went to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80: a rule leads them to chain KUBE-SVC-DHW7HSU5JKNBSZQS of prod/lb-hostname:http, so kube-proxy did not write this",
        ],
        "what": "a cluster IP (iptables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: prod/lb-hostname:http (node port, tcp port 31104): connections go to 10.244.1.57:8080 now, and went to 10.244.0.53:8080 and 10.244.1.54:8080: a rule led them to chain KUBE-EXT-4U2PUDR55AT5NT2Z of prod/lb-vip:http, which is repaired",
          "notice kube.service.frontends-agree: prod/lb-hostname:http: its 2 addresses lead to the same endpoints again, 10.244.1.57:8080",
        ],
        "check": [
          "critical lint.kube.led-to-another: prod/lb-hostname:http: rule 1 of KUBE-NODEPORTS leads to KUBE-EXT-4U2PUDR55AT5NT2Z, the chain of prod/lb-vip:http: connections go to the endpoints of that",
        ],
        "forth": [
          "critical nat.dnat.retargeted: prod/lb-hostname:http (node port, tcp port 31104): connections go to 10.244.0.53:8080 and 10.244.1.54:8080 now, and went to 10.244.1.57:8080: a rule leads them to chain KUBE-EXT-4U2PUDR55AT5NT2Z of prod/lb-vip:http, so kube-proxy did not write this",
          "warning kube.service.frontends-disagree: prod/lb-hostname:http: its addresses no longer lead to the same endpoints; tcp *:31104 leads to 10.244.0.53:8080 and 10.244.1.54:8080, and tcp 10.97.1.4:80 leads to 10.244.1.57:8080",
        ],
        "what": "a node port (iptables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: prod/lb-vip:http (at 2 of 3 addresses): connections go to 10.244.0.53:8080 and 10.244.1.54:8080 now, and went to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80: a rule led them to chain KUBE-SVC-2CMXP7HKUVJN7L6M of default/nginx, which is repaired",
          "notice kube.service.frontends-agree: prod/lb-vip:http: its 3 addresses lead to the same endpoints again, 10.244.0.53:8080 and 10.244.1.54:8080",
        ],
        "check": [
          "critical lint.kube.led-to-another: prod/lb-vip:http: rule 2 of KUBE-EXT-4U2PUDR55AT5NT2Z leads to KUBE-SVC-2CMXP7HKUVJN7L6M, the chain of default/nginx: connections go to the endpoints of that",
        ],
        "forth": [
          "critical nat.dnat.retargeted: prod/lb-vip:http (at 2 of 3 addresses): connections go to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80 now, and went to 10.244.0.53:8080 and 10.244.1.54:8080: a rule leads them to chain KUBE-SVC-2CMXP7HKUVJN7L6M of default/nginx, so kube-proxy did not write this",
          "warning kube.service.frontends-disagree: prod/lb-vip:http: its addresses no longer lead to the same endpoints; tcp *:31102 and tcp 192.0.2.81:80 lead to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80, and tcp 10.97.1.2:80 leads to 10.244.0.53:8080 and 10.244.1.54:8080",
        ],
        "what": "an external chain (iptables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: default/nginx: a part of the connections goes to 10.244.1.22:80 now, and went to 10.244.0.53:8080: a rule led them to chain KUBE-SEP-5NN2PYBBUW7O4PAC of prod/lb-vip:http, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: default/nginx: rule 4 of KUBE-SVC-2CMXP7HKUVJN7L6M leads to KUBE-SEP-5NN2PYBBUW7O4PAC, the chain of prod/lb-vip:http: connections go to the endpoints of that",
        ],
        "forth": [
          "critical nat.dnat.retargeted: default/nginx: a part of the connections goes to 10.244.0.53:8080 now, and went to 10.244.1.22:80: a rule leads them to chain KUBE-SEP-5NN2PYBBUW7O4PAC of prod/lb-vip:http, so kube-proxy did not write this",
        ],
        "what": "one of three endpoints (iptables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: kube-system/kube-dns:dns-tcp at tcp 10.96.78.31:80: connections go to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80 now, and went to 10.244.0.2:53 and 10.244.0.3:53: a rule led them to chain service-NWBZK7IH-kube-system/kube-dns/tcp/dns-tcp of kube-system/kube-dns:dns-tcp, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: default/nginx: a map leads tcp 10.96.78.31:80 to chain service-NWBZK7IH-kube-system/kube-dns/tcp/dns-tcp, which is for tcp 10.96.0.10:53: connections there go to the endpoints of kube-system/kube-dns:dns-tcp",
          "warning lint.kube.node-port-not-masqueraded: connections from outside to kube-system/kube-dns:dns-tcp (tcp 10.96.78.31:80) are not masqueraded, as those to other cluster IPs are: clients get no reply from endpoints on other nodes",
        ],
        "forth": [
          "critical nat.dnat.retargeted: default/nginx: connections go to 10.244.0.2:53 and 10.244.0.3:53 now, and went to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80: a rule leads them to chain service-NWBZK7IH-kube-system/kube-dns/tcp/dns-tcp of kube-system/kube-dns:dns-tcp, so kube-proxy did not write this",
        ],
        "what": "a cluster IP (nftables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: prod/down-edge:http at tcp 192.168.10.11:31901: connections go to 10.244.0.141:8080 and 10.244.1.142:8080 now, and went to 10.244.0.143:8080 and 10.244.1.144:8080: a rule led them to chain external-G7K6KCBY-prod/down-edge/tcp/http of prod/down-edge:http, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: node ports tcp 31901 and tcp 31902 lead to chain external-G7K6KCBY-prod/down-edge/tcp/http, and kube-proxy gives a service port one: connections to the other one go to the endpoints of prod/down-edge:http, and no node port leads to prod/down:http",
        ],
        "forth": [
          "critical nat.dnat.retargeted: prod/down:http at tcp 192.168.10.11:31901: connections go to 10.244.0.143:8080 and 10.244.1.144:8080 now, and went to 10.244.0.141:8080 and 10.244.1.142:8080: a rule leads them to chain external-G7K6KCBY-prod/down-edge/tcp/http of prod/down-edge:http, so kube-proxy did not write this",
        ],
        "what": "a node port (nftables mode)",
      },
      {
        "back": [
          "notice nat.dnat.retargeted: default/nginx: a part of the connections goes to 10.244.1.22:80 now, and went to 10.244.0.2:53: a rule led them to chain endpoint-BFW5VCWB-kube-system/kube-dns/tcp/dns-tcp__10.244.0.2/53 of kube-system/kube-dns:dns-tcp, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: default/nginx: chain service-ECO34HEO-default/nginx/tcp/ leads to endpoint-BFW5VCWB-kube-system/kube-dns/tcp/dns-tcp__10.244.0.2/53, a chain of kube-system/kube-dns:dns-tcp: connections go to the endpoints of that",
        ],
        "forth": [
          "critical nat.dnat.retargeted: default/nginx: a part of the connections goes to 10.244.0.2:53 now, and went to 10.244.1.22:80: a rule leads them to chain endpoint-BFW5VCWB-kube-system/kube-dns/tcp/dns-tcp__10.244.0.2/53 of kube-system/kube-dns:dns-tcp, so kube-proxy did not write this",
        ],
        "what": "one of three endpoints (nftables mode)",
      },
    ]
  `);
});

/** What is told, both ways, of a table of nft of a cluster with node ports and load-balancer IPs, and of the changed table by itself. */
function ofKitchenSink(from: string | RegExp, to: string): readonly [forth: string[], back: string[], check: string[]] {
  const files = snapshotFiles('fixtures/kube-proxy-layouts/kitchen-sink/nft-list-ruleset-1.34.txt');
  const whole = readSnapshot(files);
  const changed = readSnapshot(files.map(({ name, content }) => ({ name, content: Buffer.from(content).toString().replace(from, to) })));
  const told = (before: Snapshot, after: Snapshot): string[] =>
    diffSnapshots(before, after).changes.map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
  return [
    told(whole, changed),
    told(changed, whole),
    checkSnapshot(changed).findings.map(({ severity, id, text }) => `${severity} ${id}: ${text}`),
  ];
}

describe('an element of nft that leads to another service, while its own chain is used elsewhere', () => {
  const web = 'external-5O3K3WW6-prod/web/tcp/http';

  it('is critical for a node port: no service port has two', () => {
    expect(ofKitchenSink(/tcp \. 31080 : goto external-53YLYHX6-prod\/open\/tcp\//, `tcp . 31080 : goto ${web}`)).toMatchInlineSnapshot(`
      [
        [
          "critical nat.dnat.retargeted: prod/open at tcp 192.168.10.11:31080: connections go to 10.244.0.31:8080 and 10.244.1.32:8080 now, and went to 10.244.1.61:80: a rule leads them to chain external-5O3K3WW6-prod/web/tcp/http of prod/web:http, so kube-proxy did not write this",
        ],
        [
          "notice nat.dnat.retargeted: prod/web:http at tcp 192.168.10.11:31080: connections go to 10.244.1.61:80 now, and went to 10.244.0.31:8080 and 10.244.1.32:8080: a rule led them to chain external-5O3K3WW6-prod/web/tcp/http of prod/web:http, which is repaired",
        ],
        [
          "warning lint.kube.led-to-another: node ports tcp 30080 and tcp 31080 lead to chain external-5O3K3WW6-prod/web/tcp/http, and kube-proxy gives a service port one: connections to the other one go to the endpoints of prod/web:http",
        ],
      ]
    `);
  });

  it('is critical for a load-balancer IP, and either service may be the right one: nothing says who wrote it', () => {
    expect(ofKitchenSink(/192\.0\.2\.51 \. tcp \. 80 : goto external-53YLYHX6-prod\/open\/tcp\//, `192.0.2.51 . tcp . 80 : goto ${web}`))
      .toMatchInlineSnapshot(`
      [
        [
          "critical nat.dnat.retargeted: prod/open at tcp 192.0.2.51:80: connections go to 10.244.0.31:8080 and 10.244.1.32:8080 now, and went to 10.244.1.61:80: a rule leads them to chain external-5O3K3WW6-prod/web/tcp/http of prod/web:http",
        ],
        [
          "critical nat.dnat.retargeted: prod/web:http at tcp 192.0.2.51:80: connections go to 10.244.1.61:80 now, and went to 10.244.0.31:8080 and 10.244.1.32:8080: a rule leads them to chain external-53YLYHX6-prod/open/tcp/ of prod/open",
        ],
        [],
      ]
    `);
  });

  it('is critical where the chain of the service leads to an endpoint of another one', () => {
    const [forth] = ofKitchenSink(
      'numgen random mod 1 vmap { 0 : goto endpoint-ETHM5CGL-prod/open/tcp/__10.244.1.61/80 }',
      'numgen random mod 1 vmap { 0 : goto endpoint-3EZPLIQ7-prod/web/tcp/http__10.244.0.31/8080 }',
    );
    expect(forth.map((text) => text.split(':')[0])).toEqual(['critical nat.dnat.retargeted']);
  });
});

it('a rule of iptables that names the service to whose chain it leads is one that kube-proxy writes', () => {
  const edits: readonly Edit[] = [
    [
      SAVE,
      /^(-A KUBE-NODEPORTS .*)"prod\/lb-hostname:http"(.*--dport 31104 -j )KUBE-EXT-.*$/m,
      '$1"prod/lb-vip:http"$2KUBE-EXT-4U2PUDR55AT5NT2Z',
    ],
  ];
  const { forth, back } = edited('iptables', edits);
  const sentence = (name: string, now: string, was: string, chain: string, other: string): string =>
    `critical nat.dnat.retargeted: ${name} (node port, tcp port 31104): connections go to ${now} now, and went to ${was}: a rule leads them to chain ${chain} of ${other}`;
  const [vip, hostname] = ['10.244.0.53:8080 and 10.244.1.54:8080', '10.244.1.57:8080'];
  expect([forth[0], back[0]]).toEqual([
    sentence('prod/lb-hostname:http', vip, hostname, 'KUBE-EXT-4U2PUDR55AT5NT2Z', 'prod/lb-vip:http'),
    sentence('prod/lb-vip:http', hostname, vip, 'KUBE-EXT-DHW7HSU5JKNBSZQS', 'prod/lb-hostname:http'),
  ]);
});
