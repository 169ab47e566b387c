import { type PlanPart, type PlanReaderOptions, planReader } from './_plan-parts.ts';

/**
 * Reads a plan as `terraform show -json` and `tofu show -json` write it, and holds no more of it than a chunk and a part. Parts
 * come in the order in which they stand in the document, `resource_changes` before `configuration`.
 *
 * ```ts
 * for await (const part of planParts(createReadStream('plan.json')))
 *   if (part.member === 'resource_changes') console.log(part.value?.address, part.value?.change.actions);
 * ```
 *
 * @param chunks the document in UTF-8, cut anywhere
 * @throws JsonTextError for what is not JSON or not whole, PlanPartError for what the format does not have
 */
export async function* planParts(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: PlanReaderOptions = {},
): AsyncGenerator<PlanPart, void, undefined> {
  const reader = planReader(options);
  for await (const chunk of chunks) yield* reader.write(chunk);
  reader.end();
}
