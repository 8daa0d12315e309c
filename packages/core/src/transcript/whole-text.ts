import type { KnownFormat } from './formats.ts';
import { isProxyMode, proxyMode } from './formats/kube-proxy.ts';
import { moduleNames } from './formats/modules.ts';
import { ipvsModule } from './ipvs-module.ts';

/** Characters of a text that can be names alone. */
const LARGEST = 65_536;

/**
 * The format of a text that is nothing but words, which no line of it tells: the answer of /proxyMode, or names of modules of
 * which one belongs to IPVS or connection tracking.
 */
export function wholeText(text: string): KnownFormat | undefined {
  if (text.length > LARGEST) return undefined;
  if (isProxyMode(text)) return proxyMode;
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.every((line) => /^[a-z]\w*\s*$/i.test(line)) && lines.some(ipvsModule) ? moduleNames : undefined;
}
