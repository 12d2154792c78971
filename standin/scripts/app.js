// What a page does once it is open: it fetches its list, shows it, and fetches more when somebody scrolls.
(() => {
  const scopes = JSON.parse(document.getElementById('__UNIVERSAL_DATA_FOR_REHYDRATION__').textContent).__DEFAULT_SCOPE__;
  const context = scopes['webapp.app-context'];
  const app = document.getElementById('app');
  const NEAR_PX = 600;
  const PAGES_BEFORE_LOGIN = 2;

  const common = {
    WebIdLastTime: context.webIdCreatedTime, aid: '1988', app_name: 'tiktok_web', app_language: context.language,
    browser_language: navigator.language, browser_platform: navigator.platform, channel: 'tiktok_web',
    device_id: context.wid, device_platform: 'web_pc', odinId: context.odinId, region: context.region,
  };
  const ask = async (endpoint, parameters) => {
    const answer = await fetch(`/api/${endpoint}/?${new URLSearchParams({ ...common, ...parameters })}`);
    return answer.json(); // an empty body is an error, as it is for the real script
  };

  const element = (tag, parent, text = '', attributes = {}) => {
    const made = parent.appendChild(document.createElement(tag));
    made.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  };

  const inviteToLogIn = () => new Promise((closed) => {
    const modal = element('div', document.body, 'Log in to TikTok', {
      role: 'dialog', style: 'position:fixed;inset:0;background:#fffc',
    });
    const cross = element('button', modal, '×', { 'data-e2e': 'modal-close-inner-button' });
    cross.addEventListener('click', () => { modal.remove(); closed(); });
  });

  // One list: `next` fetches a page, `rows` reads it, `show` makes an element of a row.
  class List {
    constructor({ next, rows, show, box, within = null }) {
      Object.assign(this, { next, rows, show, box, pages: 0, isBusy: false, hasMore: true });
      (within || window).addEventListener('scroll', () => this.isNear() && this.more(), { passive: true });
      this.scrolled = within || document.scrollingElement;
    }

    isNear() {
      const { scrollTop, clientHeight, scrollHeight } = this.scrolled;
      return scrollTop + clientHeight > scrollHeight - NEAR_PX;
    }

    async more() {
      if (this.isBusy || !this.hasMore) return;
      this.isBusy = true;
      try {
        if (this.pages === PAGES_BEFORE_LOGIN && !context.user) await inviteToLogIn();
        const page = await this.next();
        (this.rows(page) || []).forEach((row) => this.show(row, this.box));
        this.hasMore = Boolean(page.hasMore ?? page.has_more);
        this.pages += 1;
        this.isBusy = false;
        if (this.isNear()) this.more();
      } catch (error) {
        this.apologise();
      }
    }

    apologise() {
      const apology = element('div', this.box, 'Something went wrong ');
      element('button', apology, 'Refresh').addEventListener('click', () => {
        apology.remove();
        this.isBusy = false;
        this.more();
      });
    }
  }

  const grid = (kind) => (row, box) => element('div', box, row.desc || row.id, {
    'data-e2e': kind, style: 'display:inline-block;width:24%;height:280px;overflow:hidden',
  });
  const posts = (endpoint, kind, parameters, box = app, within = null) => {
    let cursor = '0';
    return new List({
      box,
      within,
      rows: (page) => page.itemList,
      show: grid(kind),
      next: async () => {
        const page = await ask(endpoint, { ...parameters, cursor });
        cursor = String(page.cursor ?? cursor);
        return page;
      },
    });
  };
  const scroller = (id) => element('div', app, '', { id, style: 'height:800px;overflow-y:auto' });

  const profile = async (name) => {
    const known = (scopes['webapp.user-detail'] || {}).userInfo
      || (await ask('user/detail', { uniqueId: name, secUid: '' })).userInfo;
    if (!known || !known.user || !known.user.secUid) { element('p', app, "Couldn't find this account"); return; }
    if (known.user.privateAccount) { element('p', app, 'This account is private'); return; }
    const parameters = {
      secUid: known.user.secUid, count: '16', coverFormat: '2', needPinnedItemIds: 'true', post_item_list_request_type: '0',
    };
    posts('post/item_list', 'user-post-item', parameters).more();
  };

  const hashtag = async (name) => {
    const known = (scopes['webapp.challenge-detail'] || {}).challengeInfo
      || (await ask('challenge/detail', { challengeName: decodeURIComponent(name) })).challengeInfo;
    if (!known || !known.challenge) { element('p', app, "Couldn't find this hashtag"); return; }
    posts('challenge/item_list', 'challenge-item', { challengeID: known.challenge.id, count: '30' }).more();
  };

  const sound = async (id) => {
    await ask('music/detail', { musicId: id });
    posts('music/item_list', 'music-item', { musicID: id, count: '30' }).more();
  };

  const search = (kind) => {
    const tabs = { video: 'item', user: 'user' };
    const endpoint = `search/${tabs[kind] || 'general'}/full`;
    const keyword = new URLSearchParams(location.search).get('q');
    const box = scroller('grid-main');
    let cursor = '0';
    let searchId = '';
    new List({
      box,
      within: box,
      rows: (page) => page.item_list || page.user_list || page.data,
      show: (row) => grid(kind === 'user' ? 'search-user-container' : 'search_top-item')(row.item || row, box),
      next: async () => {
        const parameters = { keyword, cursor, offset: cursor, from_page: 'search', ...(searchId && { search_id: searchId }) };
        const page = await ask(endpoint, parameters);
        cursor = String(page.cursor);
        searchId = searchId || page.extra.logid;
        return page;
      },
    }).more();
  };

  const feed = () => {
    const list = posts('recommend/item_list', 'recommend-list-item-container', { count: '30', from_page: 'fyp' });
    list.more();
  };

  const thread = (videoId) => (comment, box) => {
    const row = element('div', box, comment.text, { 'data-e2e': 'comment-level-1', style: 'min-height:90px' });
    const missing = comment.reply_comment_total - (comment.reply_comment || []).length;
    if (missing <= 0) return;
    let cursor = 0;
    const button = element('p', row, `View ${missing} replies`, { 'data-e2e': 'view-more-1' });
    button.addEventListener('click', async () => {
      const page = await ask('comment/list/reply', { item_id: videoId, comment_id: comment.cid, cursor, count: '3' });
      (page.comments || []).forEach((reply) => element('p', row, reply.text, { 'data-e2e': 'comment-level-2' }));
      cursor = page.cursor;
      if (page.has_more) button.textContent = `View ${comment.reply_comment_total - cursor} more`;
      else button.remove();
    });
  };

  const video = (id) => {
    const icon = element('button', app, 'Comments', { 'data-e2e': 'comment-icon' });
    icon.addEventListener('click', () => {
      const box = scroller('main-content-video_detail');
      let cursor = '0';
      new List({
        box,
        within: box,
        rows: (page) => page.comments,
        show: thread(id),
        next: async () => {
          const page = await ask('comment/list', { aweme_id: id, cursor, count: '20', from_page: 'video', fromWeb: '1' });
          cursor = String(page.cursor);
          return page;
        },
      }).more();
    }, { once: true });
    ask('related/item_list', { itemID: id, count: '16' }).catch(() => {}); // beside every post; nobody's list
  };

  const pages = [
    [/^\/@[^/]*\/(?:video|photo)\/(\d+)/, video],
    [/^\/@([^/]+)\/?$/, profile],
    [/^\/tag\/([^/]+)/, hashtag],
    [/^\/music\/.*-(\d+)$/, sound],
    [/^\/search\/?(\w*)/, search],
    [/^\/(?:foryou|explore)?$/, feed],
  ];
  const found = pages.find(([path]) => path.test(location.pathname));
  if (found) Promise.resolve(found[1](found[0].exec(location.pathname)[1])).catch(() => element('p', app, 'Something went wrong'));
})();
