// What is embedded: plain JSON for the page's head, packed JSON lines for what is shown on demand.

const embedded = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

async function unpacked(name) {
  const node = document.getElementById(name);
  const binary = atob(node.textContent.trim());
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

class Packs {
  constructor(head) {
    this.head = head;
    this.kept = new Map();
  }

  async item(series, n) {
    const name = `${series}-${Math.floor(n / this.head.pack)}`;
    if (!this.kept.has(name)) {
      if (this.kept.size > 12) this.kept.delete(this.kept.keys().next().value);
      this.kept.set(name, await unpacked(name));
    }
    return this.kept.get(name)[n % this.head.pack];
  }

  async report(n) {
    const report = await this.item("reports", n);
    const texts = (report.source_texts || []).map((at) => this.item("sources", at));
    return { ...report, source_texts: await Promise.all(texts) };
  }
}
