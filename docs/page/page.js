// What docs/page/index.html runs: the libraries themselves, on two pastes.
import { checkSnapshot, diffSnapshots, readSnapshot, rendererOf } from '@netdrift/drift';

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};
/** @param {string} id */
const pasted = (id) => /** @type {HTMLTextAreaElement} */ (element(id)).value;

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const frame = /** @type {HTMLIFrameElement} */ (element('report'));
  const status = element('status');
  const [before, after] = ['before', 'after'].map(pasted);
  if (before?.trim() === '' && after?.trim() === '') {
    status.textContent = 'Nothing is pasted.';
    frame.hidden = true;
    return;
  }
  const began = performance.now();
  // The report is a page of its own, in a frame that may run its filter and reach nothing of this page.
  frame.srcdoc = rendererOf('html')?.render(reportOf(before ?? '', after ?? '')) ?? '';
  frame.hidden = false;
  status.textContent = `Done in ${Math.round(performance.now() - began)} ms.`;
});

/**
 * @param {string} before
 * @param {string} after
 * @returns {import('@netdrift/drift').AnyReport}
 */
function reportOf(before, after) {
  /** @param {string} name @param {string} content */
  const side = (name, content) => readSnapshot([{ name, content }]);
  if (before.trim() === '' || after.trim() === '') return checkSnapshot(side('paste', before.trim() === '' ? after : before));
  return diffSnapshots(side('before', before), side('after', after));
}
