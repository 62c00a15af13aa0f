import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Topic } from '../events.ts';
import { Html, html } from './html.ts';
import { nav } from './nav.ts';
import { deadLetterSection, headersSection, overview } from './overview.ts';
import { subscribeSection } from './subscribe.ts';
import { topicSection } from './topic.ts';
import { typesSection } from './types.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8').trim();
const sha256 = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** The page, whole: it asks for nothing from anywhere, and allows no style or script but its own. */
export function page(topics: readonly Topic[]): string {
  const style = read('page.css');
  const script = read('page.client.js');
  const policy = `default-src 'none'; style-src ${sha256(style)}; script-src ${sha256(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>领券事件手册 Lingquan events</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">跳到正文 Skip to content</a>
        <header class="bar">
          <p class="brand">
            <a href="#overview">领券<small lang="en">Lingquan</small></a>
          </p>
          <search>
            <label class="hidden" for="find">查找事件或字段 Find events or fields</label
            ><input
              id="find"
              type="search"
              placeholder="查找事件或字段 Search  /"
              autocomplete="off"
              spellcheck="false"
            />
          </search>
          <button type="button" id="menu" aria-controls="nav" aria-expanded="false" hidden>目录 Menu</button>
        </header>
        <div class="body">
          ${nav(topics)}
          <main id="main" tabindex="-1">
            ${overview(topics)}${subscribeSection()}${headersSection()}${topics.map(topicSection)}${deadLetterSection()}${typesSection(topics)}
          </main>
        </div>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `.markup;
}
