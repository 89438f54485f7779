// A page that waits for the worker: look again, slower and slower.
const seen = Number(new URLSearchParams(location.hash.slice(1)).get('n') || 0);
window.setTimeout(() => {
  history.replaceState(null, '', location.pathname + '#n=' + (seen + 1));
  location.reload();
}, Math.min(1000 * Math.pow(1.4, seen), 15000));
