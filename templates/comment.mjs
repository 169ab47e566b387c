// Keeps one comment of a name on a pull request of GitHub or a merge request of GitLab: `node comment.mjs NAME FILE`. It is
// written anew with each run, so that none stays green when the next one is red. A job that may not comment goes on.
import { readFileSync } from 'node:fs';

const mostCharacters = 60_000;
const mostPages = 30;
const perPage = 100;
const patience = 20_000;

const { env } = process;

/** An answer of the platform that says no. */
class Refused extends Error {}

async function ask(method, url, headers, body) {
  const answer = await fetch(url, {
    method,
    // The token must not follow to wherever a redirect leads.
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
    headers: {
      'user-agent': 'proviso',
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Refused(`HTTP ${answer.status}`);
  return answer.json();
}

/** The pull request that set off the workflow, if one did. */
function gitHub() {
  const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
  const number = event.pull_request?.number;
  if (!Number.isSafeInteger(number) || number < 1) return undefined;
  const issues = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
  return {
    headers: { authorization: `Bearer ${env.TOKEN}`, accept: 'application/vnd.github+json' },
    list: `${issues}/${number}/comments?per_page=${perPage}`,
    own: async () => (comment) => comment.user?.login === 'github-actions[bot]',
    create: ['POST', `${issues}/${number}/comments`],
    update: (id) => ['PATCH', `${issues}/comments/${id}`],
    needs: 'the job needs `pull-requests: write`, which runs from forks never have',
  };
}

/** The merge request that the pipeline is for, if it is for one. */
function gitLab() {
  const number = Number(env.CI_MERGE_REQUEST_IID);
  if (!Number.isSafeInteger(number) || number < 1) return undefined;
  const headers = { 'private-token': env.TOKEN };
  const notes = `${env.CI_API_V4_URL}/projects/${encodeURIComponent(env.CI_PROJECT_ID)}/merge_requests/${number}/notes`;
  return {
    headers,
    list: `${notes}?per_page=${perPage}&sort=asc&order_by=created_at`,
    own: async () => {
      const self = await ask('GET', `${env.CI_API_V4_URL}/user`, headers);
      return ({ author, system }) => author?.id === self.id && system !== true;
    },
    create: ['POST', notes],
    update: (id) => ['PUT', `${notes}/${id}`],
    needs: 'the token needs the scope `api` and the role of a reporter',
  };
}

/** The comment of this name that an earlier run has written. */
async function findComment({ list, headers, own }, mark) {
  const isOwn = await own();
  for (let page = 1; page <= mostPages; page += 1) {
    const comments = await ask('GET', `${list}&page=${page}`, headers);
    const found = comments.find((comment) => isOwn(comment) && String(comment.body).startsWith(mark));
    if (found !== undefined || comments.length < perPage) return found;
  }
  return undefined;
}

/** Cut at the end of a line; a line that GitLab would take for a command is one no more. */
function bodyOf(file, mark) {
  const text = readFileSync(file, 'utf8').replaceAll(/^\//gm, '&#47;');
  if (text.length <= mostCharacters) return `${mark}\n${text}`;
  const end = text.lastIndexOf('\n', mostCharacters);
  return `${mark}\n${text.slice(0, end === -1 ? mostCharacters : end)}\n\nThe rest is in the log of the job.\n`;
}

async function main([name, file]) {
  const mark = `<!-- proviso ${encodeURIComponent(name)} -->`;
  const place = env.GITHUB_ACTIONS === 'true' ? gitHub() : gitLab();
  if (place === undefined) return 'this run belongs to no pull request: there is nothing to comment on';
  const body = bodyOf(file, mark);
  try {
    const found = await findComment(place, mark);
    const [method, url] = found === undefined ? place.create : place.update(found.id);
    await ask(method, url, place.headers, { body });
    return undefined;
  } catch (error) {
    const why = error instanceof Refused ? `${error.message}; ${place.needs}` : 'the platform does not answer';
    return `the comment cannot be written: ${why}`;
  }
}

const problem = await main(process.argv.slice(2)).catch(() => 'the comment cannot be written');
if (problem !== undefined)
  process.stdout.write(
    env.GITHUB_ACTIONS === 'true' ? `::warning title=Proviso::${problem}\n` : `warning: ${problem}\n`,
  );
