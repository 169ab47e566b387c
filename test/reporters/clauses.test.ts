import { describe, expect, it } from 'vitest';
import { missingProof } from '../../src/finding/clause.ts';
import type { ClauseSummary, ClauseVerdict, Verification } from '../../src/finding/finding.ts';
import { width } from '../../src/finding/plain-text.ts';
import { noColours } from '../../src/finding/reporter.ts';
import { clauseLines, openClauses } from '../../src/reporters/_clauses.ts';
import { reporter as terminal } from '../../src/reporters/terminal.ts';
import { acmeRun } from '../fixtures/acme-run.ts';
import { render } from './render.ts';

const { assessment } = await acmeRun();

function clause(id: string, verdict: ClauseVerdict, reasons: readonly string[] = []): ClauseSummary {
  return { id, claim: `Claim of ${id}.`, verification: ['rules'], verdict, reasons, rules: [] };
}

const waiting = (count: number, ...ways: readonly Verification[]) =>
  Array.from({ length: count }, (_, index) =>
    clause(
      `${ways.join('-')}-${index}`,
      'unproven',
      ways.map((way) => missingProof[way]),
    ),
  );

function shown(...clauses: readonly ClauseSummary[]): readonly string[] {
  const lines = clauseLines({ ...assessment, clauses }, noColours);
  for (const line of lines) expect(width(line)).toBeLessThanOrEqual(78);
  return lines;
}

const open = (...clauses: readonly ClauseSummary[]) => openClauses({ ...assessment, clauses });

describe('the clauses of a report', () => {
  const broken = clause('1.1', 'broken', ['sg-closed fails for 1 of 1 judged']);
  const denied = clause('1.2', 'unproven', ['sg-closed is unknown in 1 (denied 1)', missingProof.attested]);

  it('begin with the broken ones, whatever their order in the policy', () => {
    const lines = shown(clause('0', 'holds'), clause('0.1', 'holds-with-exceptions'), denied, broken);
    expect(lines.map((line) => line.replace(/ {2}.*/, ''))).toEqual([
      '✖ BROKEN',
      '? UNPROVEN',
      '✔ HOLDS WITH EXCEPTIONS',
      '✔ HOLDS',
      '',
    ]);
  });

  it('are counted where many wait for proof, by what they lack', () => {
    expect(shown(broken, denied, ...waiting(40, 'rules'), ...waiting(7, 'rules', 'attested'))).toEqual([
      '✖ BROKEN    1.1  Claim of 1.1.',
      '? UNPROVEN  1.2  Claim of 1.2.',
      '? UNPROVEN  47 more lack a rule (47), an attestation (7): see `proviso policy`',
      '',
    ]);
  });

  it('are listed one by one where few wait, and say below why', () => {
    const few = waiting(5, 'inherited');
    expect(shown(...few).filter((line) => line.startsWith('?'))).toHaveLength(5);
    expect(open(...few)[0]).toBe(`clause inherited-0 ${missingProof.inherited}`);
    expect(open(...waiting(6, 'inherited'))).toEqual([]);
  });

  it('are never folded away when a rule could not be judged', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ...denied, id: `1.${index}` }));
    expect(shown(...many).filter((line) => line.startsWith('? UNPROVEN  1.'))).toHaveLength(50);
  });

  it('count those whose rules the run leaves out', () => {
    const left = Array.from({ length: 6 }, (_, index) =>
      clause(`1.${index}`, 'unproven', ['a is not among the rules']),
    );
    expect(shown(...left)[0]).toBe('? UNPROVEN  6 promises lack judgement by their rules (6): see `proviso policy`');
  });

  it('name those that are about nothing on one line', () => {
    const nothing = ['1.1', '1.2'].map((id) => clause(id, 'nothing-to-prove', ['nothing that its rules judge exists']));
    expect(shown(...nothing)).toEqual(['- NOTHING TO PROVE  1.1, 1.2', '']);
  });

  it('break a long claim and lose none of it', () => {
    const long = { ...broken, claim: 'Everything that we say here is so. '.repeat(9).trim() };
    expect(shown(long).join(' ').replaceAll(/ +/g, ' ')).toContain(long.claim);
  });

  it('are no lines where there are none', () => {
    expect(shown()).toEqual([]);
  });
});

it('the first line below the title is the figure', async () => {
  const text = await render(terminal, await acmeRun());
  expect(text.split('\n')[1]).toMatch(/^1 holds, 3 are broken, 3 unproven, of 7 promises$/);
});
