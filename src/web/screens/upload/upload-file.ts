import { ApiProblem, type ProblemBody } from '../../../sdk/problem.ts';
import type { components } from '../../../sdk/schema.ts';
import { credential } from '../../app/session.ts';
import { uploadName } from './file-check.ts';

type ImportDetail = components['schemas']['ImportDetail'];

export interface Upload {
  file: File;
  county: string;
  signal: AbortSignal;
  /** Share of the file that has been sent, 0 to 1. */
  onProgress: (share: number) => void;
}

/**
 * Sends a file and gives what it looks like. XMLHttpRequest, because fetch does not tell how much has been sent.
 * @throws ApiProblem for a refusal, TypeError without a connection, AbortError when it was called off
 */
export async function uploadFile(upload: Upload): Promise<ImportDetail> {
  const token = await credential();
  const first = await send(upload, token);
  if (first.status !== 401) return detailOf(first);
  const renewed = await credential(token);
  return detailOf(renewed === undefined || renewed === token ? first : await send(upload, renewed));
}

interface Answer {
  status: number;
  text: string;
}

function send({ file, county, signal, onProgress }: Upload, token: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const query = new URLSearchParams({ county, file_name: uploadName(file.name) });
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/imports?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    if (token !== undefined) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(new TypeError('The connection broke off.'));
    request.onabort = () => reject(new DOMException('The upload was called off.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function detailOf({ status, text }: Answer): ImportDetail {
  if (status === 201) return JSON.parse(text) as ImportDetail;
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Partial<ProblemBody>;
  const fallback = { title: '', status, detail: `The server answered ${status}.`, code: 'internal', request_id: null };
  throw new ApiProblem({ ...fallback, ...body });
}
