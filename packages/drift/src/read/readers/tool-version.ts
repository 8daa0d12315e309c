import type { Reader } from './reader.ts';

// ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1) · iptables v1.8.9 (nf_tables) · ipset v7.17, protocol version: 7
const VERSION = /^(ipvsadm|ip6?tables(?:-\w+)*|ipset) v(\d[\w.-]*)(?:,| \d{4}\/\d\d\/\d\d)? ?(?:\((.*)\)|(protocol version: .*))?$/;

/** Reads the line that ipvsadm, iptables or ipset prints for `--version`. */
export const toolVersion: Reader = {
  title: '--version of a packet tool',
  read: (text) => {
    const [, tool, version, bracketed, told] = VERSION.exec(text.trim()) ?? [];
    if (tool === undefined || version === undefined) return undefined;
    const detail = bracketed ?? told;
    return { kind: 'ToolVersion', tool, version, ...(detail === undefined ? {} : { detail }) };
  },
};
