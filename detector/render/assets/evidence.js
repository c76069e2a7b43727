// What a report says about places, gathered: matches with their numbers and colours, findings with
// their letters, and the texts they are in.

const FIRST_HUE = 78, LAST_HUE = 322; // from ochre over green and blue to plum; red is for findings

class EvidenceOf {
  constructor(report) {
    this.report = report;
    this.article = report.article || {};
    this.derivation = report.derivation || {};
    this.text = typeof this.article.text === "string" ? new Words(this.article.text) : null;
    this.sources = (report.source_texts || []).map((source) => ({
      ...source, words: new Words(source.text),
    }));
    this.findings = (report.fabrications || []).map((finding, i) => ({
      ...finding, key: `f${i}`, letter: letter(i),
    }));
    this.plugs = (report.plugs || []).map((plug, i) => ({ ...plug, key: `p${i}`, number: i + 1 }));
    this.matches = this.numbered();
  }

  get length() {
    return this.text ? this.text.length : 0;
  }

  get sourcesLength() {
    return this.sources.reduce((sum, source) => sum + source.words.length, 0);
  }

  // Where a source begins when all are put one behind the other; -1 without its text.
  offsetOf(id) {
    let before = 0;
    for (const source of this.sources) {
      if (source.id === id || (this.sources.length === 1 && !id)) return before;
      before += source.words.length;
    }
    return -1;
  }

  // Sentences that match, then stretches in which none was matched; in the order of the article.
  numbered() {
    const sentences = this.report.alignment || [];
    const covered = (passage) =>
      sentences.some((match) => match.start < passage.end && match.end > passage.start);
    const every = [...sentences, ...(this.report.passages || []).filter((p) => !covered(p))];
    const last = Math.max(1, this.sourcesLength || Math.max(0, ...every.map((m) => m.source_end)));
    return every.sort((a, b) => a.start - b.start).map((match, i) => {
      const at = (Math.max(0, this.offsetOf(match.source)) + match.source_start) / last;
      const hue = Math.round(FIRST_HUE + (LAST_HUE - FIRST_HUE) * Math.min(1, Math.max(0, at)));
      return { ...match, key: `m${i}`, number: i + 1, hue, at };
    });
  }

  // How many steps from one match to the next go forward in the source.
  get order() {
    let forward = 0, steps = 0;
    for (let i = 1; i < this.matches.length; i += 1) {
      const [a, b] = [this.matches[i - 1], this.matches[i]];
      if (a.source !== b.source) continue;
      steps += 1;
      if (b.source_start >= a.source_start) forward += 1;
    }
    return { forward, steps };
  }

  marksInArticle() {
    const marks = this.matches.map((match) => this.matchMark(match, match.start, match.end, "source"));
    for (const finding of this.findings) {
      marks.push(this.mark(finding, finding.start, finding.end, ["invented", finding.verdict], {
        note: () => noteButton(finding.key, finding.letter,
          `Detail ${finding.letter}, ${finding.kind}, ${finding.verdict}: ${finding.why}`),
      }));
    }
    for (const plug of this.plugs) {
      marks.push(this.mark(plug, plug.start, plug.end, ["plug"], {
        note: () => noteButton(plug.key, `Ad ${plug.number}`, `Advertisement: ${plug.why}`),
      }));
    }
    for (const [i, credit] of (this.report.credit?.evidence || []).entries()) {
      marks.push(this.mark({ key: `c${i}` }, credit.start, credit.end, ["credit-mark"], {}));
    }
    return marks.filter(Boolean);
  }

  marksInSource(source) {
    const own = (item) => item.source === source.id || (!item.source && this.sources.length === 1);
    const marks = this.matches.filter(own).map((match) =>
      this.matchMark(match, match.source_start, match.source_end, "article", source.words.length));
    for (const finding of this.findings.filter((f) => f.source_start !== null && own(f))) {
      marks.push(this.mark(finding, finding.source_start, finding.source_end, ["says-otherwise"], {
        note: () => noteButton(finding.key, finding.letter,
          `What the source says where the article has detail ${finding.letter}`),
      }, source.words.length));
    }
    return marks.filter(Boolean);
  }

  matchMark(match, start, end, other, length = this.length) {
    const [name, words] = kindOf(match.kind);
    return this.mark(match, start, end, ["match", name], {
      hue: match.hue,
      ref: () => el("button", {
        class: "ref", type: "button", "data-k": match.key, hue: match.hue,
        "aria-label": `Passage ${match.number}, ${words}: show it in the ${other}`,
      }, String(match.number)),
    }, length);
  }

  mark(item, start, end, classes, more, length = this.length) {
    const at = place(start, end, length);
    return at && { start: at[0], end: at[1], key: item.key, classes, ...more };
  }
}

function noteButton(key, shown, label) {
  return el("button", { class: "note-ref", type: "button", "data-k": key, "aria-label": label }, shown);
}
