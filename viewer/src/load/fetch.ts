// Where the data come from: inside the page, or beside it where a server gives the page.
import type { Model } from '../model.ts';
import { decodeModel } from './decode.ts';
import { ModelError, asObject } from './reader.ts';

export const ELEMENT = 'lancehead-data';

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new ModelError('The data of this page are damaged: they are not base64. Was it cut off?');
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

async function unzip(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<unknown> {
  let text: string;
  try {
    text = await new Response(body.pipeThrough(new DecompressionStream('gzip'))).text();
  } catch {
    throw new ModelError('The data of this page are damaged: they cannot be unpacked.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ModelError('The data of this page are damaged: they are not JSON.');
  }
}

/** Whether the data are inside the page. */
export function isWritten(): boolean {
  return document.getElementById(ELEMENT) !== null;
}

async function get(name: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(name, { cache: 'no-store' });
  } catch {
    throw new ModelError(
      'There are no data in this page, and no server answers beside it. ' +
        'Is `lancehead view` running still?',
    );
  }
  if (!response.ok) {
    throw new ModelError(`The server answered ${response.status} when asked for ${name}.`);
  }
  return response;
}

/** Throws ModelError with a sentence for a person. */
export async function loadModel(): Promise<Model> {
  const element = document.getElementById(ELEMENT);
  if (element) {
    const text = element.textContent.trim();
    if (text === '') {
      throw new ModelError('The data of this page are missing.');
    }
    return decodeModel(await unzip(new Blob([bytesOfBase64(text)]).stream()));
  }
  if (location.protocol === 'file:') {
    throw new ModelError('There are no data in this page: it was opened without a recording.');
  }
  const body = (await get('data')).body;
  if (!body) {
    throw new ModelError('The server gave no data.');
  }
  return decodeModel(await unzip(body));
}

export interface ServedState {
  revision: number;
  growing: boolean;
}

export async function loadState(): Promise<ServedState> {
  const json = asObject(await (await get('state')).json(), 'state');
  return { revision: Number(json['revision']), growing: json['growing'] === true };
}
