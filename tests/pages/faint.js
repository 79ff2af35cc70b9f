// Texts whose contrast with what is painted behind them is under 4.5 to 1 (WCAG 2, relative luminance).
() => {
  const parts = colour => { const found = colour.match(/[\d.]+/g).map(Number); return found.length > 3 ? found : [...found, 1]; };
  const linear = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = parts(getComputedStyle(element).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const tells = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!tells || element.closest('.skip, title')) continue;
    const style = getComputedStyle(element);
    const colour = parts(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [luminance(colour), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return found;
}
