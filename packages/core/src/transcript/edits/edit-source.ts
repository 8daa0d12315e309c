import type { Diagnostic } from '../../diagnostic.ts';
import type { Edit, EditedText } from './edited-text.ts';
import { applyEdits, reorder } from './edited-text.ts';
import { editKinds } from './edit-kinds.ts';
import { gatherMachines } from './gather-machines.ts';

/** A text without damage inside its lines, and what was done to it. */
export interface EditedSource extends EditedText {
  readonly diagnostics: readonly Diagnostic[];
}

/** A text without damage, as it is. */
export function untouched(text: string): EditedSource {
  return { text, runs: [{ at: 0, start: 0, end: text.length }], length: text.length, diagnostics: [] };
}

/** Undoes every kind of damage inside lines; a text without any is given back as it is, in one run. */
export function editSource(text: string): EditedSource {
  const all: Edit[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const kind of editKinds) {
    const edits = kind.find(text);
    const first = edits[0];
    if (first === undefined) continue;
    for (const edit of edits) all.push(edit);
    diagnostics.push({ code: kind.code, severity: 'info', message: kind.message(edits.length), span: first.span });
  }
  if (all.length === 0) return withMachinesApart(untouched(text));
  // A stable sort: where two kinds want the same place, the one named first has it.
  const sorted = all.toSorted((one, other) => one.span.start - other.span.start);
  const apart: Edit[] = [];
  for (const edit of sorted) if (edit.span.start >= (apart.at(-1)?.span.end ?? 0)) apart.push(edit);
  return withMachinesApart({ ...applyEdits(text, apart), diagnostics });
}

/** Lines of several machines that stand mixed, machine by machine. */
function withMachinesApart(source: EditedSource): EditedSource {
  const gathered = gatherMachines(source.text);
  if (gathered === undefined) return source;
  const { order, machines } = gathered;
  const message = `lines of ${machines} machines or pods that stand mixed are read one after the other`;
  const told: Diagnostic = { code: 'transcript/mixed-machines', severity: 'info', message, span: { start: 0, end: source.length } };
  return { ...reorder(source, order), diagnostics: [...source.diagnostics, told] };
}
