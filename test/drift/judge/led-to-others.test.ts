import { expect, it } from 'vitest';
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
          "notice kube.service.frontends-agree: prod/lb-vip:http: its 3 addresses lead to the same endpoints again, 10.244.0.53:8080 and 10.244.1.54:8080",
          "notice nat.dnat.retargeted: prod/lb-vip:http (at 2 of 3 addresses): connections go to 10.244.0.53:8080 and 10.244.1.54:8080 now, and went to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80: a rule led them to chain KUBE-SVC-2CMXP7HKUVJN7L6M of default/nginx, which is repaired",
        ],
        "check": [
          "critical lint.kube.led-to-another: prod/lb-vip:http: rule 2 of KUBE-EXT-4U2PUDR55AT5NT2Z leads to KUBE-SVC-2CMXP7HKUVJN7L6M, the chain of default/nginx: connections go to the endpoints of that",
        ],
        "forth": [
          "critical nat.dnat.retargeted: prod/lb-vip:http (at 2 of 3 addresses): connections go to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80 now, and went to 10.244.0.53:8080 and 10.244.1.54:8080: a rule leads them to chain KUBE-SVC-2CMXP7HKUVJN7L6M of default/nginx, so kube-proxy did not write this",
          "warning kube.service.frontends-disagree: prod/lb-vip:http: its addresses no longer lead to the same endpoints; tcp 10.97.1.2:80 leads to 10.244.0.53:8080 and 10.244.1.54:8080, and tcp *:31102 and tcp 192.0.2.81:80 lead to 10.244.0.15:80, 10.244.1.21:80 and 10.244.1.22:80",
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
          "warning lint.kube.svc-unused: prod/down:http: nothing leads to chain external-AD4QCHRY-prod/down/tcp/http",
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
