({
  // The words that can be read, and the boxes of what can be tapped.
  seen() {
    const box = (each) => each.getBoundingClientRect();
    const seen = (each) => box(each).width > 1 && box(each).height > 1 && box(each).right > 0 && getComputedStyle(each).visibility !== "hidden";
    const words = document.body.innerText.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const ways = "a, button, input:not([type=hidden]), select, textarea, summary, [role=button]";
    const targets = [...document.querySelectorAll(ways)].filter(seen);
    return { words, targets: targets.map((each) => ({ text: each.innerText, ...box(each).toJSON() })) };
  },
  // Mean relative luminance of a picture, by the sRGB formula of WCAG 2.2.
  async light(picture) {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const linear = Array.from({ length: 256 }, (_, n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
    let light = 0;
    for (let n = 0; n < data.length; n += 4) light += 0.2126 * linear[data[n]] + 0.7152 * linear[data[n + 1]] + 0.0722 * linear[data[n + 2]];
    return light / (data.length / 4);
  },
  // How many things move, or could.
  moving() {
    const moves = (style) => style.animationName !== "none" || (parseFloat(style.transitionDuration) > 0 && style.transitionProperty !== "none");
    return [...document.querySelectorAll("*")].filter((each) => moves(getComputedStyle(each))).length + document.getAnimations().length;
  },
  // Milliseconds from a tap to the words that say it was stored.
  async timed(what) {
    const begun = performance.now(), said = document.getElementById("said");
    const seen = new Promise((done) => new MutationObserver(() => done(performance.now())).observe(said, { childList: true }));
    document.querySelector(`[data-what=${what}]`).click();
    return (await seen) - begun;
  },
})
