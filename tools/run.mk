# Copyright (C) the project authors

# The example, on private servers below run/.  PORT= is nginx's.

.PHONY: run stop logs sql token mail

run:
	@tools/run start

stop:
	@tools/run stop

logs:
	@tools/run logs

sql:
	@tools/run sql

# make token EMAIL=client001@market.example
token:
	@EMAIL='$(EMAIL)' tools/run token

mail:
	@tools/run mail
