import { decode } from '../text/decode.ts';
import type { TranscriptResult } from './transcript.ts';
import { editSource, untouched } from './edits/edit-source.ts';
import { plainOutput } from './formats/plain-output.ts';
import { SectionReader } from './section-reader.ts';

/**
 * Finds the outputs of tools in a text that somebody pasted, and takes off what is around and inside them that the tool did
 * not print: prompts and command lines, indent, quote marks, fences, log prefixes, HTML, colours.
 *
 * A clean output is one section with nothing taken off. An output is told from others by its titles and first words; a line
 * that begins with none of them is set aside and never guessed at. Every line of the text is in a section, set aside, or
 * under a diagnostic. What was taken off is told once for each kind. Spans point into `decode(input)`.
 *
 * Reads at most 10,000 sections, and no line of more than 1,048,576 characters that is not JSON. Takes time linear in the
 * text.
 *
 * @example
 * readTranscript('# ipvsadm --timeout\nTimeout (tcp tcpfin udp): 900 120 300\n').sections[0]
 * // => { kind: 'Section', tool: 'ipvsadm', form: 'timeouts', command: 'ipvsadm --timeout', args: ['--timeout'], order: 0,
 * //      text: 'Timeout (tcp tcpfin udp): 900 120 300\n', pieces: [{ at: 0, start: 20, end: 58 }], envelopes: [], gaps: 0,
 * //      span: { start: 20, end: 58 } }
 */
export function readTranscript(input: string | Uint8Array): TranscriptResult {
  const text = decode(input);
  const plain = plainOutput(text);
  return plain === undefined ? readBySections(text) : new SectionReader(untouched(text)).read(plain);
}

/** The same for any text, looked through line by line: what a plain output must make no difference to. */
export function readBySections(text: string): TranscriptResult {
  return new SectionReader(editSource(text)).read();
}
