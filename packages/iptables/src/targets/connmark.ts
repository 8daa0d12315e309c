/** `-j CONNMARK`: sets the connection's mark in the normal form of `MARK`, or copies between packet and connection. */
export type ConnmarkTarget =
  | {
      readonly kind: 'ConnmarkTarget';
      readonly name: 'CONNMARK';
      readonly action: 'set';
      readonly value: number;
      readonly mask: number;
      readonly shift?: { readonly direction: 'left' | 'right'; readonly bits: number };
    }
  | {
      readonly kind: 'ConnmarkTarget';
      readonly name: 'CONNMARK';
      readonly action: 'save' | 'restore';
      readonly packetMask: number;
      readonly connectionMask: number;
      readonly shift?: { readonly direction: 'left' | 'right'; readonly bits: number };
    };
