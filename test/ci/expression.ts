/** What expressions of a workflow can name: `inputs`, `steps`, `github`, `runner`. */
export interface Context {
  readonly [name: string]: string | boolean | undefined | Context;
}

type Value = string | boolean;

const tokenForm =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<path>[a-z_][\w-]*(?:\.[\w-]+)*(?:\(\))?)|(?<sign>&&|\|\||==|!=|!|\(|\)))/gy;

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  tokenForm.lastIndex = 0;
  while (source.slice(tokenForm.lastIndex).trim() !== '') {
    const at = tokenForm.lastIndex;
    const match = tokenForm.exec(source);
    if (match === null) throw new Error(`cannot read the expression from ${source.slice(at)}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

const isTrue = (value: Value) => value !== '' && value !== false;

/** The part of GitHub's expressions that our files use, by GitHub's rules: a missing member is empty. */
export function evaluate(source: string, context: Context): Value {
  const tokens = tokensOf(source);
  const take = () => {
    const token = tokens.shift();
    if (token === undefined) throw new Error(`the expression ends too soon: ${source}`);
    return token;
  };
  const primary = (): Value => {
    const token = take();
    if (token === '!') return !isTrue(primary());
    if (token === '(') {
      const inner = either();
      if (take() !== ')') throw new Error(`a bracket is open: ${source}`);
      return inner;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'cancelled()') return false;
    if (token === 'true' || token === 'false') return token === 'true';
    return lookUp(token, context);
  };
  const compared = (): Value => {
    const left = primary();
    if (tokens[0] !== '==' && tokens[0] !== '!=') return left;
    const isEqual = take() === '==';
    return (String(left) === String(primary())) === isEqual;
  };
  const both = (): Value => {
    let left = compared();
    while (tokens[0] === '&&') {
      take();
      const right = compared();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  const either = (): Value => {
    let left = both();
    while (tokens[0] === '||') {
      take();
      const right = both();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  const value = either();
  if (tokens.length > 0) throw new Error(`what is ${tokens[0]} in ${source}?`);
  return value;
}

function lookUp(path: string, context: Context): Value {
  let found: Context[string] = context;
  for (const name of path.split('.')) {
    if (typeof found !== 'object') return '';
    found = found[name];
  }
  if (typeof found === 'object') throw new Error(`${path} is no value`);
  return found ?? '';
}

/** A text with its `${{ … }}` filled in. */
export function interpolate(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, source: string) => String(evaluate(source, context)));
}

/** Whether a step runs: without a function about the job's state, only while nothing has failed. */
export function applies(condition: string | undefined, hasFailed: boolean, context: Context): boolean {
  if (condition === undefined) return !hasFailed;
  const source = condition.replace(/^\$\{\{(.*)\}\}$/s, '$1');
  if (!/\b(?:cancelled|always|failure|success)\(\)/.test(source) && hasFailed) return false;
  return isTrue(evaluate(source, context));
}
