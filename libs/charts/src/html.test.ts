import { describe, expect, it } from 'vitest';
import { html, nameText } from './html.ts';

describe('html', () => {
  it('escapes words, takes markup as it is, joins lists and leaves out null', () => {
    expect(html`<p title="${'"'}">${`<b>&'`}${html`<i>x</i>`}${[html`a`, html`b`]}${null}${3}</p>`.markup).toBe(
      '<p title="&quot;">&lt;b&gt;&amp;&#39;<i>x</i>a\nb3</p>',
    );
  });

  it('replaces what HTML cannot hold, and keeps all other writing', () => {
    expect(html`${'a\0b\u001bc\ud800d\udc00\t\n豹🦁'}`.markup).toBe('a\ufffdb\ufffdc\ufffdd\ufffd\t\n豹🦁');
  });

  it('keeps the direction of a name to itself', () => {
    expect(nameText('<\u202E').markup).toBe('<bdi>&lt;\u202E</bdi>');
  });
});
