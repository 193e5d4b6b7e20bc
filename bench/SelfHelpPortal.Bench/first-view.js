// The largest contentful paint of each page on its first visit by a slow phone, as JSON:
//   node first-view.js PLAYWRIGHT CHROMIUM PORTAL ROUNDS PATH...
const [playwright, executablePath, portal, rounds, ...paths] = process.argv.slice(2);
const { chromium } = require(playwright);

// Ends when nothing larger was drawn for a while after everything is loaded.
const largest = () => new Promise(done => {
    let last;
    new PerformanceObserver(list => list.getEntries().forEach(entry => last = entry.startTime))
        .observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => done(last), 500);
});

async function measure(browser, path) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'de-DE' });
    const page = await context.newPage();
    const phone = await context.newCDPSession(page);
    await phone.send('Network.enable');
    await phone.send('Network.emulateNetworkConditions',
        { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 1.6e6 / 8 });
    await phone.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    // A page that a phone submits by itself would leave before it is measured.
    await page.addInitScript(() => { HTMLFormElement.prototype.requestSubmit = HTMLFormElement.prototype.submit = () => { }; });
    const answer = await page.goto(portal + path, { waitUntil: 'load' });
    if (!answer.ok()) {
        throw new Error(`${path} answers ${answer.status()}`);
    }
    const time = await page.evaluate(largest);
    await context.close();
    if (!(time > 0)) {
        throw new Error(`${path}: nothing was drawn`);
    }
    return time;
}

(async () => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    const measured = Object.fromEntries(paths.map(path => [path, []]));
    await measure(browser, paths[0]); // what a browser does once
    for (let round = 0; round < Number(rounds); round++) {
        for (const path of paths) {
            measured[path].push(await measure(browser, path));
        }
    }
    await browser.close();
    console.log(JSON.stringify(measured));
})().catch(error => { console.error(error.message); process.exit(1); });
