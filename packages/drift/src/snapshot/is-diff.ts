/** `@@ -1,5 +1,5 @@` of a unified diff, `*** 1,4 ****` of a context diff. */
const HUNK = /^[> \t]{0,8}(?:@@ -\d{1,9}(?:,\d{1,9})? \+\d{1,9}(?:,\d{1,9})? @@|\*{3} \d{1,9}(?:,\d{1,9})? \*{4})/m;

/** Whether a text is a diff: both sides in one, each shown near what differs alone. Read as one output it would be the union of two. */
export function isDiff(text: string): boolean {
  return HUNK.test(text);
}
