import { z } from 'zod';
import { messageOf, ReosError } from '../domain/errors.ts';
import { EMBEDDING_DIMENSIONS, unitVector } from '../domain/similarity/embedding.ts';
import type { HttpClient } from './types.ts';

/** Turns texts into vectors of length 1 by a model. */
export interface Embedder {
  model: string;
  /**
   * The vectors in the order of the texts, and how many tokens the server counted (0 when it does not say).
   * @throws ReosError `transient` when the server does not answer, `missing_part` when it refuses or its model is another
   */
  embed(texts: readonly string[]): Promise<{ vectors: Float32Array[]; tokens: number }>;
}

const answerSchema = z.object({
  data: z.array(z.object({ index: z.number().int().optional(), embedding: z.array(z.number()) })),
  usage: z.object({ total_tokens: z.number().int().min(0).optional() }).nullish(),
});
const TIMEOUT_MS = 30_000;

/**
 * A server that speaks OpenAI's `/v1/embeddings`: text-embeddings-inference, Ollama, llama.cpp and others.
 * @param server.url with or without `/v1/embeddings` at its end; its origin must be trusted by the client
 */
export function createEmbedder(
  http: HttpClient,
  server: { url: string; apiKey: string | undefined; model: string },
): Embedder {
  const base = server.url.replace(/\/+$/, '');
  const url = base.endsWith('/embeddings') ? base : `${base.replace(/\/v1$/, '')}/v1/embeddings`;
  const wrong = (what: string, cause?: unknown) =>
    new ReosError('missing_part', `The embedding model ${server.model} at ${new URL(url).origin}: ${what}.`, { cause });
  return {
    model: server.model,
    async embed(texts) {
      const answer = await http.fetch({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(server.apiKey === undefined ? {} : { authorization: `Bearer ${server.apiKey}` }),
        },
        body: JSON.stringify({ model: server.model, input: texts, encoding_format: 'float' }),
        timeoutMs: TIMEOUT_MS,
      });
      if (answer.status === 429 || answer.status >= 500) {
        throw new ReosError('transient', `The embedding model ${server.model} answered ${answer.status}.`);
      }
      if (answer.status !== 200)
        throw wrong(`it answered ${answer.status}. Check REOS_EMBEDDINGS_URL, _KEY and _MODEL`);
      const { data, usage } = read(answer.body, wrong);
      const ordered = data
        .map((one, place) => ({ ...one, index: one.index ?? place }))
        .sort((a, b) => a.index - b.index);
      if (ordered.length !== texts.length || ordered.some(({ index }, place) => index !== place)) {
        throw wrong(`it gave ${data.length} vectors for ${texts.length} texts`);
      }
      const vectors = ordered.map(({ embedding }) => {
        if (embedding.length !== EMBEDDING_DIMENSIONS) {
          throw wrong(`its vectors have ${embedding.length} dimensions; take one of ${EMBEDDING_DIMENSIONS}`);
        }
        return unitVector(embedding);
      });
      return { vectors, tokens: usage?.total_tokens ?? 0 };
    },
  };
}

function read(body: Buffer, wrong: (what: string, cause: unknown) => ReosError) {
  try {
    return answerSchema.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw wrong(`its answer is not one of /v1/embeddings (${messageOf(error).slice(0, 200)})`, error);
  }
}
