// Builds the page: one file with script and style inside, and a policy that allows nothing else.
//
//   node tools/build.mjs [--out FILE] [--debug]
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const PLACEHOLDER = '<!--lancehead-data-->';
const LARGEST_PAGE = 400 * 1024;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: { out: { type: 'string' }, debug: { type: 'boolean', default: false } },
});
const target = resolve(values.out ?? join(root, 'dist', 'page.html'));

async function bundle(entry) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: !values.debug,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  return result.outputFiles[0].text.trim();
}

function hash(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A script may hold no text that ends it, or that makes the parser read on past its end. */
function safeInScript(text) {
  return text.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
}

const script = safeInScript(await bundle('src/main.tsx'));
const style = await bundle('src/ui/style.css');
if (/<\/style/i.test(style)) {
  throw new Error('The style would end its own element.');
}
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  'img-src data: blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// A function as replacement: in a text `$&` and the like would be instructions.
const page = readFileSync(join(root, 'src', 'page.html'), 'utf8')
  .replace('%POLICY%', () => policy)
  .replace('/*STYLE*/', () => style)
  .replace('/*SCRIPT*/', () => script);
if (page.split(PLACEHOLDER).length !== 2) {
  throw new Error(`The page must hold ${PLACEHOLDER} exactly once.`);
}
const size = Buffer.byteLength(page);
if (size > LARGEST_PAGE && !values.debug) {
  throw new Error(`The page has ${size} bytes; ${LARGEST_PAGE} are allowed.`);
}
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, page);
console.log(`${target}: ${size} bytes`);
