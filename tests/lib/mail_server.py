"""A mail server for tests, made of aiosmtpd: it takes mail, refuses it, hangs, speaks TLS and asks for a login, as it is told.

  mail_server.py PORT none|starttls|tls [CERTIFICATE KEY [USER:PASSWORD]]

It prints a line of JSON when it listens and one for every message it took. Each line of JSON that it reads says how it meets one of the
next messages: {"rcpt": "550 no"}, {"data": "451 later"} or {"hang": true}. It ends with its input.
"""
import asyncio
import json
import logging
import ssl
import sys
import warnings
from collections import deque

from aiosmtpd.smtp import SMTP, AuthResult

plan = deque()
# Handshakes that break off and logins without STARTTLS are what the tests ask for.
logging.disable(logging.CRITICAL)
warnings.simplefilter('ignore')


def say(what):
    print(json.dumps(what), flush=True)


class Desk:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if plan and 'rcpt' in plan[0]:
            return plan.popleft()['rcpt']
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        met = plan.popleft() if plan else {}
        if met.get('hang'):
            say({'hangs': True})
            await asyncio.sleep(3600)
        if 'data' in met:
            return met['data']
        say({
            'from': envelope.mail_from,
            'to': envelope.rcpt_tos,
            'text': envelope.original_content.decode('utf-8'),
            'tls': session.ssl is not None or wrapped,
            'login': session.auth_data.login.decode() if session.auth_data else None,
        })
        return '250 taken'


def check(login):
    user, password = login.split(':', 1)

    def authenticate(server, session, envelope, mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (user, password)
        return AuthResult(success=right, handled=right, auth_data=data if right else None)

    return authenticate


port, mode, rest = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
wrapped = mode == 'tls'
context = None
if mode != 'none':
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(rest[0], rest[1])
more = {}
if len(rest) > 2:
    more = {'authenticator': check(rest[2]), 'auth_required': True, 'auth_require_tls': mode == 'starttls'}


def desk():
    tls = {'tls_context': context, 'require_starttls': True} if mode == 'starttls' else {}
    return SMTP(Desk(), hostname='mail.test', enable_SMTPUTF8=False, **tls, **more)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(desk, '127.0.0.1', port, ssl=context if wrapped else None)
    say({'port': server.sockets[0].getsockname()[1]})
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        plan.append(json.loads(line))
        say({'planned': len(plan)})


asyncio.run(main())
