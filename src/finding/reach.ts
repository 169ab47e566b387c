const everything = 'all protocols and ports';
const form = /^(?:(TCP|UDP) ports? ([0-9]+)(?:-([0-9]+))?|protocol ([0-9]+))$/;

/** Whether a text says what a permission opens: `TCP ports 137-139`. */
export function isReach(text: string): boolean {
  return text === everything || form.test(text);
}

/** Whether all that one text says to be open is open by another one, too. */
export function coversReach(outer: string, inner: string): boolean {
  if (outer === inner || outer === everything) return isReach(inner);
  const [large, small] = [form.exec(outer), form.exec(inner)];
  if (large?.[1] === undefined || large[1] !== small?.[1]) return false;
  const [first, last] = [Number(large[2]), Number(large[3] ?? large[2])];
  const [from, to] = [Number(small[2]), Number(small[3] ?? small[2])];
  return first <= from && to <= last;
}
