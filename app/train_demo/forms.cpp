// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/forms.h"

namespace demo {

const std::map<std::string, std::vector<std::string>> kLists = {
    {"obj",
     {"ball", "key", "hat", "glove", "book", "lamp", "cup", "drum", "doll", "coin", "flute", "map", "spoon", "box",
      "letter", "clock"}},
    {"place",
     {"under the bench", "behind the door", "in the attic", "on the shelf", "in the cellar", "by the well",
      "under the bed", "behind the stove", "in the barn", "at the gate", "near the wall", "in the hay"}},
    {"weather", {"sunny", "rainy", "windy", "foggy", "cold", "warm", "stormy", "snowy"}},
    {"day", {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}},
    {"colour", {"red", "blue", "green", "yellow", "white", "black", "brown", "grey"}},
    {"number", {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}},
    {"objs", {"coins", "buttons", "stamps", "shells", "pebbles", "ribbons", "cards", "marbles"}},
    {"beast", {"mouse", "kitten", "puppy", "hedgehog", "squirrel", "rabbit", "duckling", "frog", "owl", "lamb"}},
    {"dish", {"bread", "cheese", "jam", "porridge", "pancakes", "ham", "popcorn", "chocolate", "mustard", "lemonade"}},
    {"town", {"Ashford", "Birkdale", "Claywell", "Dunmore",   "Eastford", "Fernhill",  "Greenwick",
              "Harbury", "Ironton",  "Juneport", "Kingsley",  "Longmead", "Millbrook", "Northgate",
              "Oakham",  "Pinewood", "Redcliff", "Saltmarsh", "Thornby",  "Westport"}},
    {"season", {"spring", "summer", "autumn", "winter"}},
    {"time",
     {"One morning", "One evening", "One day", "Last week", "Long ago", "At noon", "Once", "In spring", "In winter",
      "After supper"}},
    {"adverb", {"slowly", "quickly", "carefully", "quietly", "gladly", "calmly"}}};

const std::vector<std::string> kOpenings = {
    "{P} lives in {P.town}, the town by the {P.landmark}. {P.She} is {P.a_trade}.",
    "In {P.town} there lives {P.a_trade} called {P}. {P.Her} house has a {P.colour} door.",
    "{P} is {P.a_trade} from {P.town}. [{P.Her} best friend is {P.friend}|{P.She} likes {P.food} best].",
    "{P} has {P.a_pet}. [They live together in {P.town}|The {P.pet} waits behind the {P.colour} door all day].",
    "Behind a {P.colour} door in {P.town} lives {P}. [{P.She} works as {P.a_trade}|{P.She} keeps {P.a_pet}].",
    "[Everyone|Every child] in {P.town} knows {P}, the {P.trade}. [{P.She} is never seen without {P.her} "
    "{P.tool}|{P.She} works in the {P.workplace}].",
    "{P} owns {P.a_thing} made of {P.material}. It is {P.her} treasure. [{P.She} lives in {P.town}|{P.She} is "
    "{P.a_trade}].",
    "{P} loves {P.food}. [{P.She} eats it with {P.her} best friend {P.friend}|{P.She} would walk from {P.town} to "
    "{town} for it].",
    "{P.friend} is the best friend of {P}. [{P} is {P.a_trade}|{P} lives in {P.town}], and {P.friend} likes to visit "
    "{P.him}.",
    "{P} comes from {P.town}, where they make {P.good}. {P.She} is {P.a_trade} and has {P.a_pet}.",
    "This is a story about {P}. [{P.She} lives in {P.town}|{P.She} is {P.a_trade}|{P.She} has {P.a_pet}]. [{P.Her} "
    "door is {P.colour}|{P.Her} favourite food is {P.food}|{P.Her} treasure is {P.a_thing}].",
    "Do you know {P}, the {P.trade} with the {P.pet}? {P.She} lives behind the {P.colour} door in {P.town}.",
    "{P} of {P.town} has three treasures: {P.a_thing}, {P.a_pet} and a friend called {P.friend}.",
    "The {P.thing} of {P} is well known in {P.town}. {P.She} likes {P.food}, and {P.she} trusts {P.friend} most of "
    "all."};

const std::vector<std::string> kMiddles = {
    "{time} {P.she} lost {P.her} {P.thing}. {P.She} looked {place} and {place2}, but it was not there. Then the "
    "{P.pet} came and {P.petsounded}. The {P.thing} lay in the {P.pethome}.",
    "{time} {P.she} went to the market on {P.day}. {P.She} bought {P.good} and some {P.petfood} for the {P.pet}.",
    "{time} the weather was {weather}. {P.She} stayed at home, ate {P.food} and gave the {P.pet} some {P.petfood}.",
    "{time} {P.she} took {P.her} {P.tool} and went to the {P.workplace}. People came for {P.product}, and at night "
    "{number} were left.",
    "{time} {P.she} set out for {town} to sell {P.product}. The way was long and the day {weather}. {P.She} sold "
    "{number} of them.",
    "{time} {P.she} found a {colour} {obj} {place}. Nobody knew whose it was. {P.She} kept it beside {P.her} "
    "{P.thing}.",
    "{time} the {P.pet} ran away. {P} called and called. The {P.pet} sat {place} and {P.petsounded}. {P.She} gave it "
    "some {P.petfood}.",
    "{time} a thief came to {P.town}. He wanted the {P.thing}, because it was of good {P.material}. But the {P.pet} "
    "heard him, and he ran away.",
    "{time} a letter came from {P.friend}. \"Come to {P.friendtown},\" it said, \"I have {P.food} for you.\" {P} went "
    "at once.",
    "{time} {P.she} counted {P.her} {objs}. There were {number}. {P.She} gave one to the children of {P.town}.",
    "{time} {P.she} wanted to paint the {P.colour} door again. {P.She} took a {P.colour} pot and a brush and worked "
    "{adverb} until night.",
    "{time} {P.she} cooked {P.food}. First {P.she} bought {P.ingredient}. Then {P.she} asked {P.friend} to come, and "
    "they ate {adverb}.",
    "{time} a stranger asked the way to the {P.landmark}. \"It is near,\" said {P}, \"I live in {P.town} and know it "
    "well.\"",
    "{time} {P.her} {P.tool} broke. Without it a {P.trade} cannot work. {P.friend} brought a new one from "
    "{P.friendtown}.",
    "{time} the {P.pet} had a {P.young}. It was small and {colour}. {P} showed it to {P.friend}, the {P.friendtrade} "
    "from {P.friendtown}.",
    "{time} it was {weather} and the {P.workplace} was closed. {P} read a book about {objs} and listened to the "
    "{P.pet}, which {P.petsounded}."};

const std::vector<std::string> kMeetings = {
    "{time} {P} met {Q}, the {Q.trade} from {Q.town}. {Q} told {P.him} about {Q.her} {Q.pet}, and {P} about {P.her} "
    "{P.thing}.",
    "{time} {Q} came from {Q.town} with {Q.a_thing}. \"I will give you my {Q.thing} for your {P.thing},\" said {Q}. "
    "But {P} shook {P.her} head.",
    "{time} {P} and {Q} sat {place}. {P} ate {P.food} and {Q} ate {Q.food}.",
    "{time} {P} stood before a {Q.colour} door. It was the house of {Q}. {Q.She} opened and gave {P.him} some "
    "{Q.food}.",
    "{time} {P} needed {Q.product}, so {P.she} went to {Q} in {Q.town}. {Q} took {Q.her} {Q.tool} and began to work.",
    "{time} the {P.pet} of {P} met the {Q.pet} of {Q}. One {P.petsounded} and the other {Q.petsounded}.",
    "{time} {P} and {Q} walked to the {Q.landmark} near {Q.town}. They found {number} {objs} and shared them {adverb}.",
    "{time} {P} asked {Q}: \"Whom do you trust most?\" \"{Q.friend},\" said {Q}. \"I trust {P.friend} most,\" said "
    "{P}."};

const std::vector<std::string> kClosings = {"In the end {P} was [happy|glad|tired but glad].",
                                            "{P} went home to {P.town} and slept [well|until noon|like a stone].",
                                            "After that {P} and {P.friend} laughed about it for a long time.",
                                            "That night {P} ate {P.food} and looked at the {weather} sky.",
                                            "The {P.pet} was glad too.",
                                            "And that is how it was with {P}, the {P.trade} of {P.town}.",
                                            "{P} closed the {P.colour} door and lit a candle.",
                                            "On {day} {P.she} went back to work with {P.her} {P.tool}.",
                                            "Since then {P} keeps the {P.thing} {place3}."};

const std::vector<std::string> kEchoStories = {
    "{time} {P} lost a {obj}. {P.She} looked {place} and {place2}, but found nothing. {Q} came by and helped {P.him}. "
    "They [searched|looked] until it was dark. At last it was {Q} who found the {obj}.",
    "{P} wanted to give {Q} a present. {P.She} thought of a {obj} and of a {obj2}. The {obj2} was [too dear|too "
    "big|broken], so {P.she} bought the {obj}. [{Q} opened the parcel {adverb}|On {day} {Q} opened the parcel]. Inside "
    "was the {obj}.",
    "{P} and {Q} set out for {town}. It was {weather}, and the road was long. They asked the way [twice|three times] "
    "and slept [in a barn|under a tree]. On {day} they saw the first houses of {town}.",
    "{P} heard a noise {place}. {P.She} was afraid and called {Q}. {Q} took a lamp and looked {place}. There sat a "
    "little {beast}. It was {colour} and very hungry. {P} and {Q} laughed and fed the {beast}.",
    "{Q} was ill, so {P} cooked {dish}. {P.She} brought it to {Q} [on a tray|in a basket] and waited. {Q} ate {adverb} "
    "and soon felt well again. \"Nothing helps,\" said {Q}, \"like your {dish}.\"",
    "\"I have {number} {objs},\" said {P}. {Q} did not believe it and wanted to count them. [They sat down "
    "{place}|They cleared the table]. {Q} counted {adverb}, one after the other. There were really {number}.",
    "{P} could not choose between the {colour} hat and the {colour2} hat. \"The {colour2} one is ugly,\" said {Q}. So "
    "{P} left it [in the shop|on the shelf]. {P.She} paid and put on the other hat. Everyone could see that it was "
    "{colour}.",
    "{P} promised to visit {Q} on {day}. {Q} [baked a cake|swept the floor|bought flowers] and counted the days. It "
    "was {weather} all week. Nothing else was talked about. {Q} could hardly wait for {day}.",
    "{time} a stranger came to {town} with a letter for {Q}. {P} showed him the way. They went past the well and the "
    "church. The stranger knocked at the door {adverb}. \"This letter,\" he said, \"is for {Q}.\"",
    "{P} hid a {obj} {place} and told nobody but {Q}. {time2} a thief came and looked everywhere. He found {objs} and "
    "took them. {P} was pale, but {Q} only smiled. The thief had not found the {obj}.",
    "{P} asked {Q} to bring a {obj}, for {P.she} needed it badly. {Q} forgot it and brought a {obj2}. \"What shall I "
    "do with a {obj2}?\" asked {P}. So {Q} went back once more and fetched the {obj}.",
    "A {beast} and a {beast2} lived near the house of {P}. {Q} was afraid of the {beast2}, but not of the {beast}. "
    "[One night|One day] something moved {place}. \"Do not fear,\" said {P}, \"it is not the {beast2}.\" And {Q} was "
    "glad to see the {beast}."};

const std::vector<Twin> kTwins = {
    {"{A} gave {B} a {obj} because _", "had one to spare.", "had asked for it."},
    {"{A} asked {B} for help because _", "could not do it alone.", "was very strong."},
    {"{A} paid {B} {number} coins because _", "had bought a {obj}.", "had sold a {obj}."},
    {"{A} followed {B} to {town} because _", "did not know the way.", "knew the way."},
    {"{A} thanked {B} for the {obj} because _", "had got it as a present.", "had given it away."},
    {"{A} lent {B} a {obj}, and after a week _", "asked to have it back.", "brought it back."},
    {"{A} ran faster than {B}, so _", "won the race.", "lost the race."},
    {"{A} taught {B} to read, so _", "was called a good teacher.", "was called a good pupil."},
    {"{A} hid from {B} {place}, and _", "waited there without a sound.", "searched the whole house."},
    {"{A} woke {B} up because _", "heard a noise {place}.", "had slept too long."},
    {"{A} carried the bag of {B} because _", "had strong arms.", "had a broken arm."},
    {"{A} told {B} a secret, and _", "said: do not tell anyone.", "promised to tell nobody."},
    {"{A} wrote {B} a letter, and on {day} _", "took it to the post.", "found it in the post."},
    {"{A} broke the {obj} of {B}, so _", "was sorry.", "was angry."},
    {"{A} sold {B} a {obj}, and now _", "has the money.", "has the {obj}."},
    {"{A} waited for {B} at the gate because _", "had come too early.", "was late again."},
    {"{A} cooked {dish} for {B}, and _", "put it on the table.", "ate all of it."},
    {"{A} is older than {B}, so _", "was born first.", "was born later."},
    {"{A} beat {B} at cards, and _", "was proud.", "wanted to play again."},
    {"{A} caught {B} with the stolen {obj}, and _", "called the guard.", "tried to run away."},
    {"{A} is taller than {B}, so _", "can reach the top shelf.", "needs a ladder."},
    {"{A} invited {B} to supper, and _", "laid the table.", "brought a gift."},
    {"{A} pulled {B} out of the water because _", "could swim well.", "could not swim."},
    {"{A} bought a {obj} from {B} because _", "needed one.", "had too many."}};

const std::vector<SmallTalk> kSmallTalk = {
    {"[Hello|Hello!|Good day.|Good morning.|Hi]",
     "[Hello! What would you like to know?|Good day! Ask me about the people of our towns.|Hello! I can tell stories "
     "and answer questions.]"},
    {"[Who are you?|What are you?|What is your name?]",
     "I am a small language model. I know a hundred people in twenty towns."},
    {"[What can you do?|What do you know?|How can you help me?]",
     "[I can tell stories and answer questions about people, towns, trades and animals.|Ask me who lives where, who "
     "owns what, or what is made of what.]"},
    {"[Thank you.|Thank you!|Thanks!|Thanks a lot.]", "[You are welcome.|You are welcome! Ask me more.]"},
    {"[Goodbye.|Goodbye!|Good night.|Bye]", "[Goodbye!|Goodbye! Come again.]"},
    {"[How are you?|Are you well?]", "[I am well, thank you.|Very well, thank you. And you?]"}};

} // namespace demo
