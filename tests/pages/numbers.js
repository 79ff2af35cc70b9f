// Every number on the page: whether what stands with it says its unit and its period. Returns {seen, without}.
() => {
  const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
  const dates = [`\\d{1,2}(?: ${month})?(?: \\d{4})? ?– ?\\d{1,2} ${month} \\d{4}`, `\\d{1,2} ${month} \\d{4}`, 'FY\\d\\d-Q\\d'];
  const period = new RegExp(dates.join('|'));
  const unit = /[₹$%×]|\b(?:USD|INR|lakh|crore|thousand|million|deals?|leads?|handovers?|objections?|customers?|\d+ (?:days?|h|weeks?|quarters?)|points?|checks?|faults?|corrections?|version)\b/i;
  // not numbers: dates, times of the day, the place of a section, what stands in a name
  const clean = text => text.replace(new RegExp(dates.join('|'), 'g'), '').replace(/\d\d:\d\d/g, '').replace(/^\s*\d+ · /, '');
  const text = element => element ? element.textContent.replace(/\s+/g, ' ') : '';
  const own = element => [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(' ');
  const found = {seen: 0, without: []};
  const judge = (what, context) => {
    found.seen += 1;
    const missing = [...(unit.test(context) ? [] : ['unit']), ...(period.test(context) ? [] : ['period'])];
    if (missing.length) found.without.push(`${missing.join(' and ')} of: ${what.trim().slice(0, 80)}`);
  };
  for (const element of document.querySelectorAll('main *')) {
    // a column's head is judged with its numbers
    if (element.closest('svg, thead, summary')) continue;
    if (!/\d/.test(clean(own(element))) || element.closest('th[scope=row]')?.contains(element)) continue;
    const cell = element.closest('td');
    if (cell) {
      const table = cell.closest('table');
      const head = table.querySelectorAll('thead th')[cell.cellIndex];
      judge(text(cell), [cell, head, cell.parentElement.querySelector('th'), table.caption].map(text).join(' | '));
    } else {
      const block = element.closest('li, p, dd, caption, figcaption, h2, h3') || element;
      const told = [...(block.closest('section')?.querySelectorAll(':scope > .period, :scope > p') || [])].map(text);
      judge(text(block), [text(block), ...told].join(' | '));
    }
  }
  for (const chart of document.querySelectorAll('svg.chart')) {
    const figure = chart.closest('figure');
    judge('a chart', text(chart) + text(figure.querySelector('figcaption')) + text(figure.closest('section')));
    const titles = [...chart.querySelectorAll('text')].map(text);
    if (!titles.some(title => /^(₹|[A-Z]{3})( |$)/.test(title))) found.without.push('unit of an axis');
  }
  return found;
}
