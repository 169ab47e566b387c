// Keeps one comment of a name on a pull request of GitHub or a merge request of GitLab: `node comment.mjs NAME FILE`. It is
// written anew with each run, so that none stays green when the next one is red. A job that may not comment goes on, and
// says it where it may: in its summary on GitHub, unless IN_SUMMARY says that it is there, and in its artifacts on GitLab.
import { appendFileSync, readFileSync } from 'node:fs';

/** GitHub takes 65,536 characters, GitLab more. */
const mostCharacters = 60_000;
const longestName = 100;
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
    elsewhere: 'what it would say is in the summary of the job',
  };
}

/** The merge request that the pipeline is for, if it is for one. */
function gitLab(file) {
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
    elsewhere: `what it would say is in the artifact ${file}`,
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

/** Ends what a cut has left open, so that the last line can be seen. */
function closing(text) {
  const lines = text.split('\n');
  const count = (start) => lines.filter((line) => line.startsWith(start)).length;
  const fence = count('```') % 2 === 1 ? '\n```' : '';
  return fence + '\n\n</details>'.repeat(Math.max(0, count('<details>') - count('</details>')));
}

/** Cut at the end of a line; a line that GitLab would take for a command is one no more. */
function bodyOf(file, mark) {
  const text = readFileSync(file, 'utf8').replaceAll(/^\//gm, '&#47;');
  if (text.length <= mostCharacters) return `${mark}\n${text}`;
  const end = text.lastIndexOf('\n', mostCharacters);
  const kept = text.slice(0, end === -1 ? mostCharacters : end);
  return `${mark}\n${kept}${closing(kept)}\n\nThe rest is in the log of the job.\n`;
}

/** A job that may not comment still has a summary of its own. */
function fallBack(body) {
  if (env.GITHUB_ACTIONS !== 'true' || env.IN_SUMMARY === 'true' || !env.GITHUB_STEP_SUMMARY) return;
  appendFileSync(env.GITHUB_STEP_SUMMARY, body);
}

async function main([name, file]) {
  if (name.length > longestName) return `the comment's name has more than ${longestName} characters`;
  const mark = `<!-- proviso ${encodeURIComponent(name)} -->`;
  const place = env.GITHUB_ACTIONS === 'true' ? gitHub() : gitLab(file);
  if (place === undefined) return 'this run belongs to no pull request: there is nothing to comment on';
  const body = bodyOf(file, mark);
  try {
    const found = await findComment(place, mark);
    const [method, url] = found === undefined ? place.create : place.update(found.id);
    await ask(method, url, place.headers, { body });
    return undefined;
  } catch (error) {
    const why = error instanceof Refused ? `${error.message}; ${place.needs}` : 'the platform does not answer';
    fallBack(body);
    return `the comment cannot be written: ${why}; ${place.elsewhere}`;
  }
}

const problem = await main(process.argv.slice(2)).catch(() => 'the comment cannot be written');
if (problem !== undefined)
  process.stdout.write(
    env.GITHUB_ACTIONS === 'true' ? `::warning title=Proviso::${problem}\n` : `warning: ${problem}\n`,
  );
