import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment as the platform keeps it, whoever asks. */
export interface Comment {
  readonly id: number;
  readonly by: string;
  body: string;
}

/** Stands for the parts of GitHub's and GitLab's APIs that have to do with comments on request 7 of acme/web. */
export interface Platform {
  readonly url: string;
  /** The one token that it takes, and whose it is. */
  readonly token: string;
  readonly comments: Comment[];
  /** The requests, in their order. */
  readonly asked: string[];
  /** Set to answer everything with a status, and with a redirect to an address. */
  broken: { readonly status: number; readonly location?: string } | undefined;
  close(): Promise<void>;
}

const bot = 'github-actions[bot]';
const lists = ['/repos/acme/web/issues/7/comments', '/projects/acme%2Fweb/merge_requests/7/notes'];
const one = /^(?:\/repos\/acme\/web\/issues\/comments|\/projects\/acme%2Fweb\/merge_requests\/7\/notes)\/(\d+)$/;

async function textOf(request: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}

function shown({ id, by, body }: Comment) {
  return { id, body, user: { login: by }, author: { id: by }, system: false };
}

/** @returns undefined where nothing is */
function answerOf({ comments }: Platform, method: string, { pathname, searchParams }: URL, body: string): unknown {
  if (pathname === '/user') return { id: bot };
  const [, id] = one.exec(pathname) ?? [];
  const known = comments.find((comment) => comment.id === Number(id));
  if (known !== undefined && (method === 'PATCH' || method === 'PUT')) {
    known.body = (JSON.parse(body) as { body: string }).body;
    return shown(known);
  }
  if (!lists.includes(pathname)) return undefined;
  if (method === 'GET') {
    const [size, page] = [Number(searchParams.get('per_page')), Number(searchParams.get('page'))];
    return comments.slice((page - 1) * size, page * size).map(shown);
  }
  const made = { id: comments.length + 1, by: bot, body: (JSON.parse(body) as { body: string }).body };
  comments.push(made);
  return shown(made);
}

export async function openPlatform(): Promise<Platform> {
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await textOf(request);
    const { method = '', headers } = request;
    platform.asked.push(`${method} ${request.url}`);
    if (platform.broken !== undefined) {
      const { status, location } = platform.broken;
      response.writeHead(status, location === undefined ? {} : { location }).end('<html>');
      return;
    }
    const given = headers.authorization?.replace('Bearer ', '') ?? headers['private-token'];
    const found =
      given === platform.token ? answerOf(platform, method, new URL(request.url ?? '', platform.url), body) : undefined;
    response.writeHead(given === platform.token ? (found === undefined ? 404 : 200) : 403);
    response.end(JSON.stringify(found ?? {}));
  };
  const server = http.createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const platform: Platform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'example-token',
    comments: [],
    asked: [],
    broken: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return platform;
}
