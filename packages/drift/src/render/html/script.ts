/** Filters what the page shows; without it everything is shown. It reads the page's own elements and nothing else. */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const entries = [...document.querySelectorAll('.entry')];
  const apply = () => {
    const levels = new Set([...form.querySelectorAll('input[type=checkbox]:checked')].map((box) => box.value));
    const words = form.elements.namedItem('find').value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const entry of entries) {
      entry.hidden = !levels.has(entry.dataset.level) || !words.every((word) => entry.dataset.find.includes(word));
      if (!entry.hidden) count++;
    }
    shown.textContent = count + ' of ' + entries.length + ' shown';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = entries.length === 0;
  apply();
})();
`;

/** SHA-256 of the script: the page allows this one and no other. A test computes it anew. */
export const SCRIPT_HASH = 'sha256-rtghLTLl+jsFVsg0mR7U9DltH+lYItupHubqHAaJqho=';
