// What is wrong with the page to the eye or to a screen reader: a line each.
() => {
  const found = [], texts = [];
  const wide = document.documentElement.clientWidth;
  const shown = element => {
    const style = getComputedStyle(element);
    return style.visibility !== 'hidden' && style.display !== 'none' && +style.opacity > 0;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest('.skip, title, style, details:not([open]) > :not(summary)')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) texts.push({box, parent, text: node.data.trim().slice(0, 60)});
  }
  for (const {box, parent, text} of texts) {
    if (!parent.closest('.wide') && (box.right > wide + 1 || box.left < -1)) found.push(`beyond the page: ${text}`);
    const chart = parent.closest('svg');
    if (!chart) continue;
    const frame = chart.getBoundingClientRect();
    const inside = box.left >= frame.left - 1 && box.right <= frame.right + 1
      && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
    if (!inside) found.push(`clipped in its chart: ${text}`);
    if (box.height < 7) found.push(`too small to read: ${text}`);
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  texts.forEach(({box: a, text}, i) => {
    for (let j = i + 1; j < texts.length && texts[j].box.top < a.bottom; j++) {
      const b = texts[j].box;
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1.5 && y > Math.min(a.height, b.height) * 0.35) found.push(`one over the other: ${text} | ${texts[j].text}`);
    }
  });
  if (document.documentElement.scrollWidth > wide + 1) found.push(`the page scrolls sideways from ${wide} on`);
  for (const chart of document.querySelectorAll('svg')) {
    const finding = chart.querySelector('title');
    if (!finding || finding.textContent.trim().length < 10) found.push('a chart without a finding');
  }
  for (const image of document.querySelectorAll('img')) if (!image.alt) found.push('an image without alt');
  if (document.querySelector('script')) found.push('a script');
  const heads = [...document.querySelectorAll('h1, h2, h3, h4')].map(head => +head.tagName[1]);
  heads.forEach((level, i) => { if (i && level > heads[i - 1] + 1) found.push(`a heading skips from h${heads[i - 1]} to h${level}`); });
  if (heads.filter(level => level === 1).length !== 1) found.push('not exactly one h1');
  return found;
}
