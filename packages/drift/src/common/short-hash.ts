/** 48 bits of FNV-1a over UTF-16 units, as 12 hexadecimal digits: enough to tell the things of one report apart. */
export function shortHash(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193) >>> 0;
    high = Math.imul(high ^ unit ^ (low >>> 13), 0x85ebca6b) >>> 0;
  }
  return (high & 0xffff).toString(16).padStart(4, '0') + low.toString(16).padStart(8, '0');
}
