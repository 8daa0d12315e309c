import type { Element, Member, UnknownMember } from '@netdrift/ipset';

/**
 * The identity of a member: its elements as ipset writes them, without counters, timeouts and comments.
 *
 * @example
 * memberText(member) // => '10.96.0.10,udp:53'
 */
export function memberText(member: Member | UnknownMember): string {
  if (member.kind === 'UnknownMember') return member.text;
  const text = member.elements.map(elementText).join(',');
  return member.nomatch === true ? `${text} nomatch` : text;
}

function elementText(element: Element): string {
  switch (element.kind) {
    case 'AddressElement':
      return element.address;
    case 'NetElement': {
      const full = element.address.includes(':') ? 128 : 32;
      return element.prefixLength === full ? element.address : `${element.address}/${element.prefixLength}`;
    }
    case 'AddressRangeElement':
      return `${element.first}-${element.last}`;
    case 'PortElement': {
      const port = element.last === undefined ? String(element.port) : `${element.port}-${element.last}`;
      return element.protocol === undefined ? port : `${element.protocol}:${port}`;
    }
    case 'IcmpElement':
      return `${element.protocol}:${element.type}/${element.code}`;
    case 'MacElement':
      return element.mac;
    case 'MarkElement':
      return `0x${element.mark.toString(16)}`;
    case 'InterfaceElement':
      return element.physdev === true ? `physdev:${element.name}` : element.name;
    case 'SetElement':
    case 'NameElement':
      return element.name;
  }
}
