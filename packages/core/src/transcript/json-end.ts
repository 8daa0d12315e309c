/**
 * Where a JSON object or array ends that begins at an offset, or -1 where its brackets do not close. Told by brackets and
 * quotes alone.
 */
export function jsonEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = stringEnd(text, at);
      if (at < 0) return -1;
    } else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return -1;
}

/** Whether the JSON of `nft -j` begins here: one object that lists what nft knows. */
export function startsNftJson(text: string, start: number): boolean {
  return /^\s{0,40}\{\s*"nftables"\s*:/.test(text.slice(start, start + 200));
}

/** Whether a text looks like an object of Kubernetes in JSON from here on. */
export function startsKubernetesJson(text: string, start: number): boolean {
  const head = text.slice(start, start + 2000);
  return /^\s{0,40}[{[]\s*["{]/.test(head) && /"(?:kind|apiVersion)"\s*:\s*"|"kubeproxy\.config\.k8s\.io"\s*:/.test(head);
}
