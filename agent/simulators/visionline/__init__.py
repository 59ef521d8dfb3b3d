"""The VisiOnline server with its web API and its encoders, as the reference describes them.

switches                    what no public source says, and what tests turn
access, signing, sessions   who may call
reading, doors              what a call asks for
encoders, cards             what happens to a card, and which one opens a door then
answers                     how it is told
operations, control         the calls of the web API, and the control side
"""
